"""Fields about the kubelet's own server, its certificates, its talk with the API server, its logs."""

from __future__ import annotations

from typing import Final

from kubetui.insight.kubelet.field import Field

FIELDS_SERVER: Final = (
    Field("kind", "the kind of this document"),
    Field("apiVersion", "the version of this document's format"),
    Field("enableServer", "the kubelet serves its API, which logs, exec and metrics need", "yes or no"),
    Field("address", "the address that API listens on", "IP address"),
    Field("port", "the port of that API", "port"),
    Field("readOnlyPort", "a port that answers without any sign-in; 0: none", "port"),
    Field("healthzPort", "the port of the health check, 0: none", "port"),
    Field("healthzBindAddress", "the address that the health check listens on", "IP address"),
    Field("tlsCertFile", "the server's certificate; without one it signs its own", "path"),
    Field("tlsPrivateKeyFile", "the key of that certificate", "path"),
    Field("tlsCipherSuites", "the TLS 1.2 ciphers that are accepted; empty: Go's choice", "list"),
    Field("tlsCurvePreferences", "the key exchanges that are accepted, as Go numbers them", "list"),
    Field("tlsMinVersion", "the oldest TLS that is accepted; empty: Go's choice"),
    Field("rotateCertificates", "a new client certificate is requested before the old one ends", "yes or no"),
    Field("serverTLSBootstrap", "the server's certificate is requested from the cluster", "yes or no"),
    Field("authentication", "how callers of the kubelet's API prove who they are"),
    Field("authentication.x509.clientCAFile", "who signs certificates of callers", "path"),
    Field("authentication.webhook.enabled", "tokens of callers are checked with the API server", "yes or no"),
    Field("authentication.webhook.cacheTTL", "how long the result of such a check counts", "duration"),
    Field("authentication.anonymous.enabled", "callers without any proof are let in as anonymous", "yes or no"),
    Field("authorization", "what callers of the kubelet's API may do"),
    Field("authorization.mode", "Webhook: the API server decides; AlwaysAllow: everybody may do everything"),
    Field("authorization.webhook.cacheAuthorizedTTL", "how long a yes counts", "duration"),
    Field("authorization.webhook.cacheUnauthorizedTTL", "how long a no counts", "duration"),
    Field("enableDebuggingHandlers", "logs, exec, attach and port-forward are served", "yes or no"),
    Field("enableContentionProfiling", "waits for locks are profiled", "yes or no"),
    Field("enableProfilingHandler", "profiles are served at /debug/pprof", "yes or no"),
    Field("enableDebugFlagsHandler", "the verbosity can be changed at /debug/flags/v", "yes or no"),
    Field("enableSystemLogHandler", "the node's own log files are served at /logs", "yes or no"),
    Field("enableSystemLogQuery", "/logs can be queried for services' journals", "yes or no"),
    Field("streamingConnectionIdleTimeout", "no longer used: when an idle exec was closed", "duration"),
    Field("eventRecordQPS", "events written a second; 0: as many as come", "a second"),
    Field("eventBurst", "events written at once beyond that rate", "events"),
    Field("contentType", "how requests to the API server are encoded"),
    Field("kubeAPIQPS", "requests to the API server a second", "a second"),
    Field("kubeAPIBurst", "requests at once beyond that rate", "requests"),
    Field("configMapAndSecretChangeDetectionStrategy", "how mounted ConfigMaps and Secrets are followed: "
          "Watch, Cache or Get"),
    Field("showHiddenMetricsForVersion", "a minor version whose hidden metrics are shown again"),
    Field("logging", "how the kubelet itself logs"),
    Field("logging.format", "text or json"),
    Field("logging.flushFrequency", "how often the log is written out", "duration"),
    Field("logging.verbosity", "how much is logged; AKS uses 2", "level"),
    Field("logging.vmodule", "other levels for single source files"),
    Field("logging.options", "options of each format: buffers, and errors apart from the rest"),
    Field("tracing", "traces by OpenTelemetry"),
    Field("tracing.endpoint", "the collector that traces go to"),
    Field("tracing.samplingRatePerMillion", "how many of a million are traced", "of a million"),
    Field("oomScoreAdj", "how ready the kernel is to kill the kubelet for memory; -1000: never", "-1000 … 1000"),
    Field("maxOpenFiles", "files that the kubelet may have open", "files"),
    Field("featureGates", "features turned on or off, other than this version does itself", "yes or no"),
)  # fmt: skip
"""What each is about, the kubelet's API, its certificates, the API server, logging, apart from nodes and pods."""
