"""Azure: signing in without kubelogin. Knows no Textual; its packages are imported when they are needed."""
