"""A real vsftpd with explicit TLS. It knows only users of the system, by PAM: so it lives in a root of its own, with
its own /etc/passwd and /etc/pam.d, and nothing of the machine is touched."""

import pathlib
import pwd
import re
import shutil

from .ftp_server import FtpServer, server_program
from .process import run

CONFIG = """listen=YES
listen_address={address}
listen_port={port}
background=NO
anonymous_enable=NO
local_enable=YES
write_enable=YES
local_umask=022
chroot_local_user=YES
allow_writeable_chroot=YES
secure_chroot_dir=/empty
pam_service_name=vsftpd
nopriv_user=nobody
seccomp_sandbox=NO
xferlog_enable=YES
vsftpd_log_file=/vsftpd.log
log_ftp_protocol=YES
pasv_address={address}
pasv_min_port=20000
pasv_max_port=40000
ssl_enable=YES
ssl_tlsv1=YES
force_local_logins_ssl=YES
force_local_data_ssl=YES
require_ssl_reuse=YES
ssl_ciphers=HIGH
rsa_cert_file=/cert.pem
rsa_private_key_file=/cert.key
"""


def libraries_of(program):
    return re.findall(r"(/\S+) \(0x", run(["ldd", program]).stdout)


class Vsftpd(FtpServer):
    name = "vsftpd"
    user, password = "myname", "mypassword"

    @property
    def root(self):
        return self.folder

    def _copy(self, source, target=None):
        target = self.root / str(target or source).lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)

    def configuration(self, pair, more=""):
        program = pathlib.Path(server_program("vsftpd"))
        module = next(path for path in map(pathlib.Path, libraries_of(program)) if path.name.startswith("libpam."))
        module = module.parent / "security" / "pam_unix.so"
        self._copy(program, "/usr/sbin/vsftpd")
        self._copy(module)
        for library in {*libraries_of(program), *libraries_of(module)}:
            self._copy(library)
        self._copy(pair.cert, "/cert.pem")
        self._copy(pair.key, "/cert.key")
        (self.root / "empty").mkdir()
        self._write_users()
        return CONFIG.format(address=self.address, port=self.port) + more

    def _write_users(self):
        nobody = pwd.getpwnam("nobody")
        ids = f"{nobody.pw_uid}:{nobody.pw_gid}"
        secret = run(["openssl", "passwd", "-6", self.password]).stdout.strip()
        etc = self.root / "etc"
        (etc / "pam.d").mkdir(parents=True)
        (etc / "pam.d" / "vsftpd").write_text("auth required pam_unix.so\naccount required pam_unix.so\n"
                                              "session required pam_unix.so\n")
        (etc / "passwd").write_text(f"root:x:0:0::/:/bin/sh\nnobody:x:{ids}::/:/bin/sh\n"
                                    f"{self.user}:x:{ids}::/home:/bin/sh\n")
        (etc / "group").write_text(f"root:x:0:\nnogroup:x:{nobody.pw_gid}:\n")
        (etc / "shadow").write_text(f"{self.user}:{secret}:19000:0:99999:7:::\n")
        (etc / "shells").write_text("/bin/sh\n")

    def command(self):
        return ["chroot", self.root, "/usr/sbin/vsftpd", "/vsftpd.conf"]
