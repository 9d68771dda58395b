"""The udev rules, on USB devices that exist only for udevadm (umockdev)."""

import re

from support.bench import Bench

USB = "/devices/pci0000:00/0000:00:14.0/usb1/1-1"

# A device with one serial port, parents first.
MOCK = """\
P: {usb}
N: bus/usb/001/002
E: DEVTYPE=usb_device
E: SUBSYSTEM=usb
E: BUSNUM=001
E: DEVNUM=002
A: idVendor={vendor}\\n
A: idProduct={product}\\n
A: bcdDevice=0000\\n
A: manufacturer=SIMCOM\\n
A: product=SIMCOM modem\\n
A: serial=1234\\n
A: busnum=1\\n
A: devnum=2\\n

P: {usb}/1-1:1.{interface}
E: DEVTYPE=usb_interface
E: SUBSYSTEM=usb
E: DRIVER=option
A: bInterfaceNumber=0{interface}\\n
A: bInterfaceClass=ff\\n
A: bInterfaceSubClass=ff\\n
A: bInterfaceProtocol=ff\\n

P: {usb}/1-1:1.{interface}/ttyUSB{interface}
E: SUBSYSTEM=usb-serial
E: DRIVER=option1

P: {usb}/1-1:1.{interface}/ttyUSB{interface}/tty/ttyUSB{interface}
N: ttyUSB{interface}
E: SUBSYSTEM=tty
E: MAJOR=188
E: MINOR={interface}
E: DEVNAME=/dev/ttyUSB{interface}
"""


class Rules(Bench):
    @classmethod
    def prepare(cls):
        cls.install("sim52xxd")

    def properties(self, vendor="05c6", product="9000", interface=3):
        self.machine.write("/srv/device", MOCK.format(usb=USB, vendor=vendor, product=product, interface=interface))
        port = f"{USB}/1-1:1.{interface}/ttyUSB{interface}/tty/ttyUSB{interface}"
        said = self.machine.run("umockdev-run", "--device=/srv/device", "--", "udevadm", "test", "--action=add", port).stdout
        found = dict(line.split("=", 1) for line in said.splitlines() if re.match(r"[A-Z_0-9]+=", line))
        self.assertEqual(found.get("ID_USB_INTERFACE_NUM"), f"0{interface}", said)
        return found

    def test_the_modem_port_has_a_name_and_starts_the_service(self):
        port = self.properties()
        self.assertIn("/dev/sim52xx", port["DEVLINKS"].split())
        self.assertEqual(port["SYSTEMD_WANTS"], "sim52xxd.service")
        self.assertIn("systemd", port["TAGS"].split(":"))
        self.assertEqual(port["ID_MM_DEVICE_IGNORE"], "1")

    def test_its_other_ports_are_only_kept_from_modemmanager(self):
        for interface in (0, 1, 2):
            with self.subTest(interface):
                port = self.properties(interface=interface)
                self.assertEqual(port["ID_MM_DEVICE_IGNORE"], "1")
                self.assertNotIn("/dev/sim52xx", port.get("DEVLINKS", "").split())
                self.assertNotIn("SYSTEMD_WANTS", port)

    def test_other_devices_are_left_alone(self):
        for vendor, product in (("05c6", "9001"), ("1e0e", "9000")):
            with self.subTest(f"{vendor}:{product}"):
                port = self.properties(vendor, product)
                self.assertNotIn("ID_MM_DEVICE_IGNORE", port)
                self.assertNotIn("/dev/sim52xx", port.get("DEVLINKS", "").split())

    def test_they_come_before_modemmanager_s(self):
        """Whose first rules that probe begin with 77."""
        rules = self.machine.run("sh", "-c", "cd /lib/udev/rules.d && ls *sim52xx* 60-serial.rules").stdout.split()
        self.assertEqual(rules, ["60-serial.rules", "70-sim52xx.rules"])
