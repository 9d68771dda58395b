SUMMARY = "Local sockets for the TLS of a SIM52xx modem"
DESCRIPTION = "A daemon that owns the serial port of a SIMCom SIM52xx 3G modem and offers the modem's own TLS as Unix \
sockets, HTTPS and FTPS jobs as a JSON protocol; with a client for admins and scripts."
HOMEPAGE = "https://example.org/sim52xxd"
BUGTRACKER = "https://example.org/sim52xxd/issues"
SECTION = "net"
LICENSE = "MIT"
LIC_FILES_CHKSUM = "file://LICENSE;md5=2d082deb6e17a9ede5913804214f7336"

DEPENDS = "boost cli11 nlohmann-json spdlog systemd tomlplusplus"

# Where you have the sources; set both in your layer or local.conf.
SIM52XXD_SOURCES ?= "git://example.org/sim52xxd.git;protocol=https;branch=main"
SRC_URI = "${SIM52XXD_SOURCES}"
SRCREV ?= "${AUTOREV}"

S = "${WORKDIR}/git"

inherit cmake python3-dir pkgconfig systemd useradd bash-completion features_check

REQUIRED_DISTRO_FEATURES = "systemd"

PACKAGECONFIG ??= ""
# The modem emulator, for images that are tested without hardware: the package sim52xx-sim.
PACKAGECONFIG[emulator] = "-DSIM52XX_EMULATOR=ON,-DSIM52XX_EMULATOR=OFF,curl openssl"
# The Python client: the package python3-sim52xx.
PACKAGECONFIG[python] = "-DSIM52XX_PYTHON_DIR=${PYTHON_SITEPACKAGES_DIR},-DSIM52XX_PYTHON_DIR=,"
PACKAGECONFIG[man] = "-DSIM52XX_MAN=ON,-DSIM52XX_MAN=OFF,scdoc-native"

EXTRA_OECMAKE = "\
    -DSIM52XX_TESTS=OFF \
    -DSIM52XX_UNIT_DIR=${systemd_system_unitdir} \
    -DSIM52XX_UDEV_DIR=${nonarch_base_libdir}/udev/rules.d \
"

PACKAGES =+ "sim52xx-sim python3-sim52xx"

FILES:sim52xx-sim = "${bindir}/sim52xx-sim"
FILES:python3-sim52xx = "${PYTHON_SITEPACKAGES_DIR}/sim52xx"
RDEPENDS:python3-sim52xx = "python3-core python3-json python3-netclient"
FILES:${PN} += "\
    ${systemd_system_unitdir} \
    ${nonarch_base_libdir}/udev/rules.d \
    ${nonarch_libdir}/sysusers.d \
    ${nonarch_libdir}/systemd/catalog \
    ${datadir}/sim52xx \
"

CONFFILES:${PN} = "${sysconfdir}/sim52xx/sim52xxd.toml"

# The modem's USB serial ports.
RRECOMMENDS:${PN} = "kernel-module-option kernel-module-usbserial kernel-module-cdc-acm"

SYSTEMD_SERVICE:${PN} = "sim52xxd.service"

# As systemd/sim52xx.sysusers; made when the image is, for roots that are read-only.
USERADD_PACKAGES = "${PN}"
GROUPADD_PARAM:${PN} = "--system sim52xx; --system sim52xx-admin"
USERADD_PARAM:${PN} = "--system --gid sim52xx --no-create-home --home-dir / --shell /sbin/nologin sim52xx"
