"""A real proftpd with explicit TLS, its own users and no part of the system."""

import pwd

from .ftp_server import SERVERS, FtpServer, server_program
from .process import run

CONFIG = """
ModulePath {servers}/usr/lib/proftpd
LoadModule mod_tls.c
ServerName "tests"
ServerType standalone
DefaultAddress {address}
SocketBindTight on
Port {port}
PassivePorts 20000 40000
UseIPv6 off
UseReverseDNS off
User nobody
Group nogroup
AuthOrder mod_auth_file.c
AuthUserFile {folder}/users
RequireValidShell off
DefaultRoot ~
Umask 022
AllowOverwrite on
AllowStoreRestart on
AllowRetrieveRestart on
WtmpLog off
PidFile {folder}/pid
ScoreboardFile {folder}/scoreboard
SystemLog {folder}/system.log
TransferLog none
TLSEngine on
TLSLog {folder}/tls.log
TLSProtocol {protocols}
TLSCipherSuite ALL:@SECLEVEL=0
TLSECCertificateFile {cert}
TLSECCertificateKeyFile {key}
TLSRequired on
MaxLoginAttempts 20
"""


class Proftpd(FtpServer):
    name = "proftpd"
    user, password = "myname", "mypassword"

    def configuration(self, pair, protocols="TLSv1.2 TLSv1.3", more=""):
        nobody = pwd.getpwnam("nobody")
        secret = run(["openssl", "passwd", "-6", self.password]).stdout.strip()
        users = self.folder / "users"
        users.write_text(f"{self.user}:{secret}:{nobody.pw_uid}:{nobody.pw_gid}::{self.home}:/bin/false\n")
        users.chmod(0o600)
        return CONFIG.format(servers=SERVERS, folder=self.folder, address=self.address, port=self.port,
                             protocols=protocols, cert=pair.cert, key=pair.key) + more

    def command(self):
        return [server_program("proftpd"), "-n", "-c", self.config]
