# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of landlord(1) for bash.

# The apps that have grants.
_landlord_apps()
{
	local file directory
	directory=${XDG_STATE_HOME:-$HOME/.local/state}/landlord/grants
	for file in "$directory"/*.jsonl; do
		[[ ! -e $file ]] || basename "$file" .jsonl
	done
}

# The policies that there are by name.
_landlord_profiles()
{
	local file
	for file in "${XDG_CONFIG_HOME:-$HOME/.config}"/landlord/profiles/*.ini \
		/etc/landlord/profiles/*.ini \
		"${LANDLORD_VENDOR_DIR:-/usr/share/landlord}"/profiles/*.ini; do
		[[ ! -e $file ]] || basename "$file" .ini
	done
}

_landlord_words()
{
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
}

_landlord_files()
{
	mapfile -t COMPREPLY < <(compgen -f -- "$1")
	compopt -o filenames 2>/dev/null
}

# Where the command of `landlord run` begins; nothing when it has not yet.
_landlord_command()
{
	local i
	for ((i = 2; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--app | --policy | --profile | --engine | --timeout | --agent | --answer | \
			--record | --record-limit | --events-fd | \
			--questions-fd | --ro | --rw | --exec | --connect) ((i++)) ;;
		--)
			echo $((i + 1))
			return
			;;
		-*) ;;
		*)
			echo "$i"
			return
			;;
		esac
		# Colons are words of their own: script:FILE, allow:session.
		while [[ ${COMP_WORDS[i + 1]-} == : ]] && ((i + 2 < COMP_CWORD)); do
			((i += 2))
		done
	done
}

_landlord_run()
{
	local current=$1 previous=$2 start
	start=$(_landlord_command)
	if [[ -n $start ]]; then
		if declare -F _command_offset >/dev/null; then
			_command_offset "$start"
		elif ((start == COMP_CWORD)); then
			mapfile -t COMPREPLY < <(compgen -c -- "$current")
		else
			_landlord_files "$current"
		fi
		return
	fi
	case $previous in
	--app) _landlord_words "$(_landlord_apps)" "$current" ;;
	--policy | --record | --ro | --rw | --exec) _landlord_files "$current" ;;
	--engine) _landlord_words "auto seccomp landlock" "$current" ;;
	--profile) _landlord_words "$(_landlord_profiles)" "$current" ;;
	--agent) _landlord_words "terminal bus none script: exec:" "$current" ;;
	--answer)
		_landlord_words "allow allow:process allow:session allow:always \
			deny deny:session deny:always" "$current"
		;;
	--timeout | --record-limit | --events-fd | --questions-fd | --connect) ;;
	*)
		case $current in
		-*) _landlord_words "--app --policy --profile --engine --agent --answer \
			--timeout --no-daemon --record --record-limit --record-all --learn \
			--events-fd --questions-fd --ro --rw --exec --project --private-tmp --connect \
			--no-network --deny-rest --ask-rest --help --" "$current" ;;
		*) mapfile -t COMPREPLY < <(compgen -c -- "$current") ;;
		esac
		;;
	esac
}

_landlord()
{
	local current=${COMP_WORDS[COMP_CWORD]}
	local previous=${COMP_WORDS[COMP_CWORD - 1]}
	local rights="read write create remove execute connect bind \
		fs.execute fs.read_file fs.read_dir fs.write_file fs.truncate \
		fs.make_reg fs.make_dir fs.make_sym fs.make_fifo fs.make_sock \
		fs.make_char fs.make_block fs.remove_file fs.remove_dir \
		fs.refer fs.ioctl_dev fs.resolve_unix net.bind_tcp \
		net.connect_tcp net.bind_udp net.connect_send_udp"

	COMPREPLY=()
	if ((COMP_CWORD == 1)); then
		_landlord_words "run agent allow deny desktop doctor export forget import log pending policy ps \
			record replay report review revoke rules suggest why --help --version" "$current"
		return
	fi
	case ${COMP_WORDS[1]}:$COMP_CWORD in
	import:*)
		case $current in
		-*) _landlord_words "--strace --grants --help" "$current" ;;
		*) _landlord_files "$current" ;;
		esac
		return
		;;
	record:*)
		case $previous:$current in
		-o:*) _landlord_files "$current" ;;
		--seconds:*) ;;
		*:-*) _landlord_words "-o --seconds --help" "$current" ;;
		*) _landlord_words "$(_landlord_apps)" "$current" ;;
		esac
		return
		;;
	review:*)
		case $previous:$current in
		--app:* | --grants:*)
			_landlord_words "$(_landlord_apps)" "$current"
			;;
		*:-*) _landlord_words "-o --app --grants --help" "$current" ;;
		*) _landlord_files "$current" ;;
		esac
		return
		;;
	report:*)
		case $previous:$current in
		--app:*) _landlord_words "$(_landlord_apps)" "$current" ;;
		--title:*) ;;
		*:-*) _landlord_words "-o --title --app --help" "$current" ;;
		*) _landlord_files "$current" ;;
		esac
		return
		;;
	suggest:*)
		case $previous:$current in
		--app:*) _landlord_words "$(_landlord_apps)" "$current" ;;
		*:-*) _landlord_words "-o --app --policy --only --help" \
			"$current" ;;
		*) _landlord_files "$current" ;;
		esac
		return
		;;
	replay:*)
		case $previous:$current in
		--app:*) _landlord_words "$(_landlord_apps)" "$current" ;;
		--policy:* | --answers:* | --expect:*) _landlord_files "$current" ;;
		--speed:*) ;;
		*:-*) _landlord_words "--policy --only --recorded --app \
			--answers --ask --expect --all --speed --json --help" "$current" ;;
		*) _landlord_files "$current" ;;
		esac
		return
		;;
	log:*)
		case $previous:$current in
		--app:*) _landlord_words "$(_landlord_apps)" "$current" ;;
		--outcome:*)
			_landlord_words "allow deny unanswered refused" "$current"
			;;
		--since:* | --until:*) ;;
		*)
			_landlord_words "--json -f --since --until --app --outcome \
				--counters --help" "$current"
			;;
		esac
		return
		;;
	export:* | revoke:* | rules:*)
		case $previous:$current in
		--effect:*) _landlord_words "allow deny ask" "$current" ;;
		--directory:*) _landlord_files "$current" ;;
		--user:*) mapfile -t COMPREPLY < <(compgen -u -- "$current") ;;
		--older:* | --unused:* | --by:* | --object:*) ;;
		*:-*)
			local own="--json"
			case ${COMP_WORDS[1]} in
			export) own="--user --directory" ;;
			revoke) own="--json --dry-run" ;;
			rules) own="--json --user --all-users" ;;
			esac
			_landlord_words "$own --older --unused --by --object \
				--effect --help" "$current"
			;;
		*) _landlord_words "$(_landlord_apps)" "$current" ;;
		esac
		return
		;;
	policy:2)
		_landlord_words "check show diff test fmt --help" "$current"
		return
		;;
	policy:*)
		case $previous:$current in
		--layer:*) _landlord_words "user administrator vendor" "$current" ;;
		*:-*)
			case ${COMP_WORDS[2]} in
			check) _landlord_words "--layer --json --help" "$current" ;;
			diff)
				_landlord_words "--layer --only --trace --json --help" \
					"$current"
				;;
			fmt) _landlord_words "--write --check --help" "$current" ;;
			*)
				_landlord_words "--policy --layer --only --json --help" \
					"$current"
				;;
			esac
			;;
		*)
			if [[ ${COMP_WORDS[2]}:$previous == show:show ]]; then
				_landlord_words "$(_landlord_apps)" "$current"
			else
				_landlord_files "$current"
			fi
			;;
		esac
		return
		;;
	run:*) _landlord_run "$current" "$previous" ;;
	desktop:2)
		_landlord_words "enable disable status manager --help" "$current"
		return
		;;
	*:*)
		case $current in
		-*)
			_landlord_words "--json --help \
				$([[ ${COMP_WORDS[1]} != @(allow|deny) ]] ||
					echo --lifetime)" "$current"
			return
			;;
		esac
		;;&
	allow:2 | deny:2 | why:2 | forget:2)
		_landlord_words "$(_landlord_apps)" "$current"
		;;
	allow:3 | deny:3 | why:3) _landlord_words "$rights" "$current" ;;
	allow:4 | deny:4 | why:4) _landlord_files "$current" ;;
	esac
}

complete -F _landlord landlord
