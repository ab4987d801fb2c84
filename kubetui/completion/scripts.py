"""The scripts, one a shell. Each asks the program itself, so that none has to be made anew after an upgrade."""

from __future__ import annotations

from typing import Final

_BASH: Final = r"""# bash completion of kubetui. In ~/.bashrc: source <(kubetui completion bash)
_kubetui_completion() {
    local line answer
    COMPREPLY=()
    answer=$("${COMP_WORDS[0]}" __complete bash "$COMP_WORDBREAKS" "${COMP_LINE:0:COMP_POINT}" 2>/dev/null) || return
    if [[ $answer == :files ]]; then
        type compopt &>/dev/null && compopt -o filenames
        while IFS= read -r line; do
            COMPREPLY+=("$line")
        done < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")
    else
        while IFS= read -r line; do
            [[ -n $line ]] && COMPREPLY+=("$line")
        done <<<"$answer"
    fi
}
complete -F _kubetui_completion kubetui
"""

_ZSH: Final = r"""#compdef kubetui
# zsh completion of kubetui. In ~/.zshrc, behind compinit: source <(kubetui completion zsh)
# or as a file named _kubetui in a folder of $fpath.
_kubetui() {
    local answer
    local -a found
    answer=$("${(Q)words[1]}" __complete zsh -- "${(@Q)words[2,CURRENT]}" 2>/dev/null) || return 1
    if [[ $answer == :files ]]; then
        [[ $PREFIX == --*=* ]] && compset -P 1 '*='
        _files
        return
    fi
    found=("${(@f)answer}")
    [[ -n $answer ]] && _describe kubetui found
}
if [[ ${funcstack[1]} == _kubetui ]]; then
    _kubetui "$@"
else
    compdef _kubetui kubetui
fi
"""

_FISH: Final = r"""# fish completion of kubetui. kubetui completion fish > ~/.config/fish/completions/kubetui.fish
function __kubetui_completion
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    set -l answer ($program __complete fish -- $words $current 2>/dev/null)
    if test "$answer" = :files
        __fish_complete_path (string replace -r '^--[a-z-]+=' '' -- $current)
    else
        string join \n -- $answer
    end
end
complete -c kubetui -f -a '(__kubetui_completion)'
"""

SCRIPTS: Final = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}
"""Shell to its script."""
