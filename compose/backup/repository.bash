# The repository of restic: its place, its key, and whose turn it is.
# shellcheck shell=bash

repository=${MINITWIT_BACKUP_REPOSITORY:-$state/repository}
key=/run/secrets/backup_key

is_local() {
    [[ $repository == /* ]]
}

storage() {
    local lock=(--insecure-no-password) limit=()
    [[ ${1-} != --open ]] || { limit=(timeout --signal=INT 1m) && shift; }
    ! grep --quiet '[^[:space:]]' "$key" || lock=(--password-file "$key")
    # There is hardly anything to remember of a repository of one file.
    AWS_SHARED_CREDENTIALS_FILE=/run/secrets/backup_s3_credentials \
        "${limit[@]}" restic --repo "$repository" "${lock[@]}" --no-cache "$@"
}

# Nobody else works on the repository until this process ends. What is left behind by one that was killed is cleared away:
# here its locks cannot belong to anybody; elsewhere they have to be old enough.
take_turn() {
    mkdir -p "$state/tmp"
    exec {turn}>"$state/turn"
    flock --nonblock "$turn" || failed 'another one works on the repository'
    rm -rf "$state/tmp"/*
    # Not in memory: what is sent is put together here.
    export TMPDIR=$state/tmp
}

clear_locks() {
    if is_local; then storage unlock --remove-all; else storage unlock; fi
}

# Opens the repository; where there is none, does what is given.
open_repository() {
    local code=0 complaint
    [[ -r $key ]] || failed "there is no $key: compose/prepare makes it"
    # A server or a bucket that is not there is tried for a quarter of an hour otherwise.
    complaint=$(storage --open --no-lock cat config 2>&1 >/dev/null) || code=$?
    case $code in
        0) ;;
        10) "$@" ;;
        12) failed "the key does not open $repository: backup_key is not the one that it was made with" ;;
        *) failed "$repository cannot be opened: $(grep --invert-match '^Is there\|^$' <<<"$complaint" | head -n 1)" ;;
    esac
}

make_repository() {
    local complaint
    complaint=$(storage init 2>&1 >/dev/null) || failed "$repository cannot be made: $(tail -n 1 <<<"$complaint")"
}

no_repository() {
    failed "there is no repository at $repository"
}

command_list() {
    open_repository no_repository
    storage --no-lock snapshots --compact
}

command_restic() {
    take_turn
    storage "$@"
}

command_export() {
    is_local || failed "$repository is not here: its server has it"
    take_turn
    open_repository no_repository
    tar --create --directory "$repository" .
}

command_import() {
    is_local || failed "$repository is not here: its server has it"
    take_turn
    [[ ! -e $repository/config ]] || failed "there is a repository at $repository already: it stays as it is"
    mkdir -p "$repository"
    tar --extract --directory "$repository" || failed 'stdin is no archive that backup export has written'
    open_repository no_repository
    command_list
}
