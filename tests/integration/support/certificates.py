"""A throw-away certificate authority and one certificate per thing that can be wrong with one."""

import functools
import pathlib
import subprocess
import types

NAMES = "DNS:server.test,DNS:www.myserver.com,DNS:localhost"


class Certificates:
    """Made on first use; each certificate is a pair of files: .pem (certificate) and .key."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.serial = 1000

    def _openssl(self, *argv):
        done = subprocess.run(["openssl", *map(str, argv)], cwd=self.folder, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"openssl {' '.join(map(str, argv))}: {done.stderr}")

    def _pair(self, name):
        return types.SimpleNamespace(cert=self.folder / f"{name}.pem", key=self.folder / f"{name}.key")

    def _self_signed(self, name, subject, names=None, authority=False):
        pair = self._pair(name)
        extensions = ["-addext", f"subjectAltName={names}"] if names else []
        if authority:
            extensions += ["-addext", "keyUsage=critical,keyCertSign,cRLSign"]
        self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                      "-keyout", pair.key, "-out", pair.cert, "-days", 2, "-subj", f"/CN={subject}", *extensions)
        return pair

    def _signed(self, name, ca, names=NAMES, first=None, last=None):
        """A certificate signed by `ca` through `openssl ca`, which can date it and remember it for the CRL."""
        pair = self._pair(name)
        config = self._database(ca)
        self.serial += 1
        (self.folder / f"{name}.ext").write_text(
            f"subjectAltName={names}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n")
        self._openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                      "-keyout", pair.key, "-out", f"{name}.csr", "-subj", f"/CN={names.split(',')[0][4:]}")
        dates = ["-startdate", first, "-enddate", last] if first else ["-days", "2"]
        self._openssl("ca", "-batch", "-notext", "-config", config, "-in", f"{name}.csr", "-out", pair.cert,
                      "-extfile", f"{name}.ext", *dates)
        return pair

    def _database(self, ca):
        stem = ca.cert.stem
        config = self.folder / f"{stem}.cnf"
        if not config.exists():
            (self.folder / f"{stem}.index").touch()
            (self.folder / f"{stem}.serial").write_text(f"{self.serial:04d}\n")
            (self.folder / f"{stem}.new").mkdir()
            config.write_text(
                "[ca]\ndefault_ca=x\n[x]\n"
                f"database={stem}.index\nserial={stem}.serial\nnew_certs_dir={stem}.new\n"
                f"certificate={ca.cert}\nprivate_key={ca.key}\n"
                "default_md=sha256\ndefault_crl_days=2\npolicy=p\nunique_subject=no\nrand_serial=yes\n"
                "[p]\ncommonName=supplied\n")
        return config

    @functools.cached_property
    def ca(self):
        return self._self_signed("ca", "Throw-away CA", authority=True)

    @functools.cached_property
    def other_ca(self):
        return self._self_signed("other-ca", "Somebody else's CA", authority=True)

    @functools.cached_property
    def good(self):
        return self._signed("good", self.ca)

    def named(self, *hosts):
        """A good one for these hosts."""
        return self._signed(hosts[0], self.ca, names=",".join(f"DNS:{host}" for host in hosts))

    @functools.cached_property
    def self_signed(self):
        return self._self_signed("self-signed", "server.test", NAMES)

    @functools.cached_property
    def unknown_ca(self):
        return self._signed("unknown-ca", self.other_ca)

    @functools.cached_property
    def expired(self):
        return self._signed("expired", self.ca, first="20200101000000Z", last="20200201000000Z")

    @functools.cached_property
    def wrong_host(self):
        return self._signed("wrong-host", self.ca, names="DNS:elsewhere.test")

    @functools.cached_property
    def revoked(self):
        pair = self._signed("revoked", self.ca)
        self._openssl("ca", "-batch", "-config", self._database(self.ca), "-revoke", pair.cert)
        return pair

    @functools.cached_property
    def crl(self):
        """The CA's list of revoked certificates, with `revoked` on it."""
        _ = self.revoked
        path = self.folder / "crl.pem"
        self._openssl("ca", "-batch", "-config", self._database(self.ca), "-gencrl", "-out", path)
        return path
