# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of landlord(1) for fish.

function __landlord_apps
    set -q XDG_STATE_HOME; or set -l XDG_STATE_HOME ~/.local/state
    for file in $XDG_STATE_HOME/landlord/grants/*.jsonl
        basename $file .jsonl
    end
end

function __landlord_profiles
    set -q XDG_CONFIG_HOME; or set -l XDG_CONFIG_HOME ~/.config
    set -q LANDLORD_VENDOR_DIR; or set -l LANDLORD_VENDOR_DIR /usr/share/landlord
    for file in {$XDG_CONFIG_HOME/landlord,/etc/landlord,$LANDLORD_VENDOR_DIR}/profiles/*.ini
        basename $file .ini
    end
end

function __landlord_is
    contains -- (commandline -opc)[2] $argv
end

set -l rights read write create remove execute connect bind \
    fs.{execute,read_file,read_dir,write_file,truncate,make_reg,make_dir} \
    net.{bind_tcp,connect_tcp}

complete -c landlord -f
complete -c landlord -n __fish_is_first_arg -a run -d 'Run a program that asks'
complete -c landlord -n __fish_is_first_arg -a agent -d 'Put questions to this terminal'
complete -c landlord -n __fish_is_first_arg -a allow -d 'Allow an app something'
complete -c landlord -n __fish_is_first_arg -a deny -d 'Deny an app something'
complete -c landlord -n __fish_is_first_arg -a desktop -d 'Start programs supervised from their icon'
complete -c landlord -n '__fish_seen_subcommand_from desktop' -a 'enable disable status manager' -f
complete -c landlord -n __fish_is_first_arg -a doctor -d 'Say what this machine offers'
complete -c landlord -n __fish_is_first_arg -a export -d 'Write grants as a policy file'
complete -c landlord -n __fish_is_first_arg -a forget -d 'Remove all grants of an app'
complete -c landlord -n __fish_is_first_arg -a import -d 'Make a trace of what the kernel or strace wrote'
complete -c landlord -n __fish_is_first_arg -a log -d 'Print what was decided'
complete -c landlord -n __fish_is_first_arg -a pending -d 'List open questions'
complete -c landlord -n __fish_is_first_arg -a policy -d 'Check, show, compare, test and tidy policy files'
complete -c landlord -n '__landlord_is policy' -a 'check show diff test fmt'
complete -c landlord -n '__landlord_is policy' -l layer -x -a 'user administrator vendor'
complete -c landlord -n '__landlord_is policy' -l policy -r -F
complete -c landlord -n '__landlord_is policy' -l only
complete -c landlord -n '__landlord_is policy' -l trace -r -F
complete -c landlord -n '__landlord_is policy' -l write
complete -c landlord -n '__landlord_is policy' -l check
complete -c landlord -n __fish_is_first_arg -a ps -d 'List supervised programs'
complete -c landlord -n __fish_is_first_arg -a record -d 'Record what programs ask for'
complete -c landlord -n __fish_is_first_arg -a replay -d 'Judge again what was recorded'
complete -c landlord -n __fish_is_first_arg -a review -d 'Go through suggestions one by one'
complete -c landlord -n __fish_is_first_arg -a revoke -d 'Take a grant back'
complete -c landlord -n __fish_is_first_arg -a rules -d 'List rules'
complete -c landlord -n __fish_is_first_arg -a report -d 'Make a page of what was recorded'
complete -c landlord -n __fish_is_first_arg -a suggest -d 'Write rules for what was asked'
complete -c landlord -n __fish_is_first_arg -a why -d 'Say which rule decides'

complete -c landlord -n '__landlord_is run' -l app -x -a '(__landlord_apps)'
complete -c landlord -n '__landlord_is run' -l policy -r -F
complete -c landlord -n '__landlord_is run' -l questions-fd -x
complete -c landlord -n '__landlord_is run' -l ro -r -F
complete -c landlord -n '__landlord_is run' -l rw -r -F
complete -c landlord -n '__landlord_is run' -l exec -r -F
complete -c landlord -n '__landlord_is run' -l project
complete -c landlord -n '__landlord_is run' -l private-tmp
complete -c landlord -n '__landlord_is run' -l connect -x
complete -c landlord -n '__landlord_is run' -l no-network
complete -c landlord -n '__landlord_is run' -l deny-rest
complete -c landlord -n '__landlord_is run' -l ask-rest
complete -c landlord -n '__landlord_is run' -l engine -x -a 'auto seccomp landlock'
complete -c landlord -n '__landlord_is run' -l profile -x -a '(__landlord_profiles)'
complete -c landlord -n '__landlord_is run' -l agent -x -a 'terminal bus none script: exec:'
complete -c landlord -n '__landlord_is run' -l answer -x -a 'allow allow:session allow:always deny'
complete -c landlord -n '__landlord_is run' -l timeout -x
complete -c landlord -n '__landlord_is run' -l no-daemon
complete -c landlord -n '__landlord_is run' -l record -r -F
complete -c landlord -n '__landlord_is run' -l record-limit -x
complete -c landlord -n '__landlord_is run' -l record-all
complete -c landlord -n '__landlord_is run' -l learn
complete -c landlord -n '__landlord_is run' -l events-fd -x
complete -c landlord -n '__landlord_is run' -a '(__fish_complete_subcommand --fcs-skip=2)'

complete -c landlord -n '__landlord_is allow deny why' -a "$rights"
complete -c landlord -n '__landlord_is rules revoke export' -l older -x -a '30d 90d 365d'
complete -c landlord -n '__landlord_is rules revoke export' -l unused -x -a '30d 90d 365d'
complete -c landlord -n '__landlord_is rules revoke export' -l by -x
complete -c landlord -n '__landlord_is rules revoke export' -l object -x
complete -c landlord -n '__landlord_is rules revoke export' -l effect -x -a 'allow deny ask'
complete -c landlord -n '__landlord_is rules export' -l user -x -a '(__fish_complete_users)'
complete -c landlord -n '__landlord_is rules' -l all-users
complete -c landlord -n '__landlord_is revoke' -l dry-run
complete -c landlord -n '__landlord_is export' -l directory -r -F
complete -c landlord -n '__landlord_is import' -l grants -x -a '(__landlord_apps)'
complete -c landlord -n '__landlord_is allow deny why rules revoke export forget' -a '(__landlord_apps)'
complete -c landlord -n '__landlord_is allow deny' -l lifetime -x -a 'session always 1h 1d'
complete -c landlord -n 'not __landlord_is run' -l json
complete -c landlord -n '__landlord_is log' -s f
complete -c landlord -n '__landlord_is log' -l since -x
complete -c landlord -n '__landlord_is log' -l until -x
complete -c landlord -n '__landlord_is log' -l app -x -a '(__landlord_apps)'
complete -c landlord -n '__landlord_is log' -l outcome -x -a 'allow deny unanswered refused'
complete -c landlord -n '__landlord_is log' -l counters
complete -c landlord -n '__landlord_is import policy replay report review suggest' -F
complete -c landlord -n '__landlord_is report' -s o -r -F
complete -c landlord -n '__landlord_is report' -l title -x
complete -c landlord -n '__landlord_is report' -l app -x -a '(__landlord_apps)'
complete -c landlord -n '__landlord_is import' -l strace
complete -c landlord -n '__landlord_is record' -s o -r -F
complete -c landlord -n '__landlord_is record' -l seconds -x
complete -c landlord -n '__landlord_is record' -a '(__landlord_apps)'
complete -c landlord -n '__landlord_is review' -s o -r -F
complete -c landlord -n '__landlord_is review' -l app -x -a '(__landlord_apps)'
complete -c landlord -n '__landlord_is review' -l grants -x -a '(__landlord_apps)'
complete -c landlord -n '__landlord_is suggest' -s o -r -F
complete -c landlord -n '__landlord_is suggest' -l policy -r -F
complete -c landlord -n '__landlord_is suggest' -l only
complete -c landlord -n '__landlord_is suggest' -l app -x -a '(__landlord_apps)'
complete -c landlord -n '__landlord_is replay' -l policy -r -F
complete -c landlord -n '__landlord_is replay' -l only
complete -c landlord -n '__landlord_is replay' -l recorded
complete -c landlord -n '__landlord_is replay' -l app -x -a '(__landlord_apps)'
complete -c landlord -n '__landlord_is replay' -l answers -r -F
complete -c landlord -n '__landlord_is replay' -l ask
complete -c landlord -n '__landlord_is replay' -l expect -r -F
complete -c landlord -n '__landlord_is replay' -l all
complete -c landlord -n '__landlord_is replay' -l speed -x
