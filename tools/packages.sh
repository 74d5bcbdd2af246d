# Names of the Debian packages that hbm needs, and their installation; read by tools/demo and tools/check.

BUILD_PACKAGES="gcc libc6-dev make cmake pkg-config git libgsl-dev libhdf5-dev libfyaml-dev libjansson-dev libcsv-dev
    libmd-dev zlib1g-dev librandom123-dev uthash-dev"
MPI_PACKAGES="libopenmpi-dev openmpi-bin libmpich-dev mpich" # optional: hbm-mpi, hbm-openmpi, hbm-mpich
PLOT_PACKAGES="gnuplot-nox fonts-dejavu-core"
TEST_PACKAGES="libcmocka-dev python3 python3-h5py python3-xarray python3-netcdf4 netcdf-bin hdf5-tools valgrind man-db"

missing_packages() { # missing_packages NAME...
    for package in "$@"; do
        case $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) in
        installed) ;;
        *) printf '%s ' "$package" ;;
        esac
    done
}

# Installs what is missing, as root or by sudo. Without either it says so and goes on: the build tells what it cannot
# find.
install_packages() { # install_packages NAME...
    if ! command -v dpkg-query >/dev/null; then
        echo "== This is not Debian: packages are left to you ($*)"
        return 0
    fi
    missing=$(missing_packages "$@")
    if [ -z "$missing" ]; then
        echo "== Packages: all there"
        return 0
    fi
    if [ "$(id -u)" -eq 0 ]; then
        as_root=env
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        as_root="sudo env"
    else
        echo "== Packages missing, and no right to install them; going on without: $missing"
        return 0
    fi
    echo "== Packages: installing $missing"
    log=$(mktemp)
    # shellcheck disable=SC2086  # lists of words
    if $as_root DEBIAN_FRONTEND=noninteractive apt-get update >"$log" 2>&1 </dev/null &&
        $as_root DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing \
            >>"$log" 2>&1 </dev/null; then
        rm -f "$log"
    else
        tail -20 "$log"
        rm -f "$log"
        echo "Installing packages failed" >&2
        return 1
    fi
}

# Prints "N s since WHAT began".
seconds_since() { # seconds_since BEGAN
    echo "$(($(date +%s) - $1)) s"
}
