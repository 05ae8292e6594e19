# Checks of the source, and the tests.

step_format() {
    run cargo fmt --all --check || die "the code is not formatted: cargo fmt"
}

step_lint() {
    run cargo clippy --locked --workspace --all-targets -- -D warnings || die "clippy has something to say"
    # Targets that are run by name only are none of all targets.
    run cargo clippy --locked -p e2e --test swarm --test backup -- -D warnings || die "clippy has something to say"
}

step_licences() {
    command -v cargo-deny >/dev/null || die "cargo-deny is missing: tests/run install"
    run cargo-deny --log-level error check bans licenses sources || die "a dependency is not allowed: see deny.toml"
    local said=$work/advisories
    if run cargo-deny check advisories >"$said" 2>&1; then
        say "advisories ok"
    elif grep -q 'failed to fetch advisory database' "$said"; then
        say "advisories NOT REACHED: nobody has looked whether a dependency has a known hole"
    else
        cat "$said"
        die "a dependency has a known hole, or was withdrawn"
    fi
}

step_files() {
    local program scripts
    for program in shellcheck actionlint; do
        command -v "$program" >/dev/null || die "$program is missing: tests/run tools"
    done
    mapfile -t scripts < <(shell_scripts)
    [[ ${#scripts[@]} -gt 0 ]] || die "no script was found"
    run shellcheck "${scripts[@]}" || die "shellcheck has something to say"
    run actionlint -shellcheck shellcheck || die "actionlint has something to say"
    say "${#scripts[@]} scripts and all workflows are fine"
}

# Files that begin as a script of a shell does, or are called so.
shell_scripts() {
    local file first
    while IFS= read -r -d '' file; do
        [[ -f $file ]] || continue
        IFS= read -r first <"$file" || first=
        [[ $file == *.bash || $file == *.sh || $first =~ ^#!.*[/\ ](ba|da)?sh$ ]] || continue
        printf '%s\n' "$file"
    done < <(git ls-files -z --cached --others --exclude-standard)
}

step_build() {
    build_program
    run cargo test --locked --workspace --no-run || die "the tests do not build"
}

step_notice() {
    # The same command as for the tests, since another one would build dependencies anew with other features.
    run cargo test --locked --workspace --no-run --quiet || die "the tests do not build"
    run env RUST_BACKTRACE=0 "$target/debug/notice" --check || die "NOTICE does not name what is used"
}

step_test() {
    build_program
    start_postgres
    export REQUIRE_SERVICES=1 MINITWIT_TEST_POSTGRES=$postgres_url
    MINITWIT_BINARY=$(program) run recorded cargo test --locked --workspace --no-fail-fast || die "a test failed"
}

step_quick() {
    run cargo test --locked --workspace --lib --bins || die "a test failed"
    run cargo test --locked -p minitwit || die "a test failed"
}

step_schema() {
    run dashboards/schema/check || die "a dashboard has what Grafana does not know"
    run "$tools/venv/bin/python" tests/cloud-init/check.py "$tools/cloud-init/schema.json" compose/machine.yml ||
        die "compose/machine.yml has what cloud-init does not know"
}

step_openapi() {
    build_program
    MINITWIT_VENV=$tools/venv run tests/schemathesis "$(program)" || die "the API is not as its document says"
}

# The tests' passwords all begin alike. Neither what they print nor what PostgreSQL was told may have it in any form.
step_secrets() {
    [[ -s $work/postgres.log && -s $work/tests.log ]] || die "step secrets looks at what step test leaves behind"
    grep -aq 'INSERT INTO users' "$work/postgres.log" || die "PostgreSQL's log does not have the tests' statements"
    local secret='correct horse' pattern
    pattern=$(printf '%s\n' "$secret" 'correct[+]horse' 'correct%20horse' "$(hex "$secret")" "$(hex "$secret" | sed 's/../&00/g')" \
        "$(encoded "$secret")" "$(encoded "x$secret" | cut -c3-)" "$(encoded "xy$secret" | cut -c4-)" | paste -sd '|')
    if grep -aiEo -m 3 "$pattern" "$work/postgres.log" "$work/tests.log"; then
        die "a password was written down"
    fi
    say "$(wc -l <"$work/postgres.log") lines of PostgreSQL's log and $(wc -l <"$work/tests.log") of output: no password"
}

build_program() {
    run cargo build --locked --release || die "the program does not build"
}

program() { say "$target/release/minitwit"; }

# The output is shown and kept.
recorded() {
    "$@" 2>&1 | tee "$work/tests.log"
}

hex() { printf %s "$1" | od -An -v -tx1 | tr -d ' \n'; }

# Base64 without the last characters, which depend on what follows.
encoded() { printf %s "$1" | base64 | cut -c-16; }
