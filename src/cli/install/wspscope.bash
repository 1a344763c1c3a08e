# SPDX-License-Identifier: Apache-2.0
# Completion for bash. The words come from the program's own help: what it knows is what is offered.

_wspscope_options() {
    "$1" help "$2" 2>/dev/null | grep -oE -- '(^|[ ,])--?[a-z][a-z0-9-]*' | tr -d ' ,' | sort -u
}

_wspscope() {
    local program=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local command=${COMP_WORDS[1]} commands='analyze check endpoints findings help live'
    COMPREPLY=()
    case $before in
    -f | --format) mapfile -t COMPREPLY < <(compgen -W 'text json ndjson' -- "$word") && return ;;
    --fail-on) mapfile -t COMPREPLY < <(compgen -W 'problem warning notice' -- "$word") && return ;;
    --color) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$word") && return ;;
    -i | --interface)
        mapfile -t COMPREPLY < <(compgen -W "$("$program" live --list 2>/dev/null | cut -d ' ' -f 1)" -- "$word")
        return
        ;;
    findings)
        mapfile -t COMPREPLY < <(compgen -W "$("$program" findings 2>/dev/null | grep -oE '^[a-z][a-z0-9-]+')" -- "$word")
        return
        ;;
    endpoints)
        mapfile -t COMPREPLY < <(compgen -W 'list lookup import rules conflicts' -- "$word")
        return
        ;;
    help)
        mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word")
        return
        ;;
    esac
    if [[ $word == -* ]]; then
        [[ " $commands " == *" $command "* ]] || command=analyze
        mapfile -t COMPREPLY < <(compgen -W "$(_wspscope_options "$program" "$command")" -- "$word")
        return
    fi
    if ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word"; compgen -f -- "$word")
        return
    fi
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
}

complete -o filenames -F _wspscope wspscope
