# The stage of the Dockerfiles that compiles, in a Docker engine: minutes, and gigabytes.

step_compile() {
    export REQUIRE_SERVICES=1
    install_compiler
    run cargo build --locked -p minitwit -p log-shipper || die "the build failed"
    run cargo test --locked -p e2e --test compile || die "a Dockerfile does not compile"
}

# A file of an image that stands in for Rust's: Debian's C compiler, and this machine's Rust with the sources of all crates.
install_compiler() {
    local root=$work/trixie made=$tools/images/rust.made wanted sysroot home=${CARGO_HOME:-$HOME/.cargo}
    wanted=$(rustc --version && sha256sum Cargo.lock tests/steps/compile.bash)
    [[ "$(cat "$made" 2>/dev/null)" == "$wanted" ]] && return
    run cargo fetch --locked || die "the sources of crates could not be had"
    mkdir -p "$tools/images"
    debian_root trixie ca-certificates gcc libc6-dev
    sysroot=$(rustc --print sysroot)
    as_root mkdir -p "$root"/usr/local/{rust/bin,cargo/registry}
    as_root cp "$sysroot"/bin/{cargo,rustc} "$root/usr/local/rust/bin/"
    as_root cp -r "$sysroot/lib" "$root/usr/local/rust/"
    as_root cp -r "$home"/registry/{index,cache} "$root/usr/local/cargo/registry/"
    pack trixie rust
    as_root rm -rf "$root"
    say "$wanted" >"$made"
}
