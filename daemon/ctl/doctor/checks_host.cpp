// What is wrong on this machine: the daemon, the port, and who else is at it.
#include <algorithm>

#include "daemon/ctl/doctor/check.hpp"

namespace sim52xx::ctl::doctor {
namespace {

constexpr std::string_view option_driver =
    "the modem is on the USB bus, but has no serial port: load the driver (modprobe option) and "
    "tell it of the modem "
    "(echo 05c6 9000 >/sys/bus/usb-serial/drivers/option1/new_id)";

constexpr unsigned read_write = 6;  // of a mode

bool is_simcom(std::string_view usb) {
  return usb.starts_with("05c6:9000") || usb.starts_with("1e0e:");
}

// The ports one could mean, the likely ones first.
std::string candidates(const json& facts) {
  std::string likely;
  std::string rest;
  const json& ports = member(facts, "ports");
  if (!ports.is_array()) return {};
  for (const json& port : ports) {
    const std::string usb = text(port, "usb");
    std::string& list = is_simcom(usb) ? likely : rest;
    list += (list.empty() ? "" : ", ") + text(port, "path");
    if (!usb.empty()) list += " (" + usb + ")";
  }
  return likely.empty() ? rest : likely;
}

bool has(const json& list, const json& value) {
  return list.is_array() && std::find(list.begin(), list.end(), value) != list.end();
}

// By the mode of the node, as the kernel looks at it.
bool may_open(const json& device, const json& service) {
  const auto mode = static_cast<unsigned>(number(device, "mode").value_or(0));
  const auto uid = number(service, "uid");
  if (uid == 0) return true;
  if (uid == number(device, "uid")) return (mode >> 6 & read_write) == read_write;
  if (has(member(service, "gids"), member(device, "gid")))
    return (mode >> 3 & read_write) == read_write;
  return (mode & read_write) == read_write;
}

Verdict device_denied(const json& facts) {
  const json& device = member(facts, "device");
  const std::string target = text(device, "target");
  return problem(
      device_of(facts) + " is denied to the service by its DeviceAllow=",
      {"allow it: systemctl edit sim52xxd, write DeviceAllow=" +
           (target.empty() ? device_of(facts) : target) +
           " rw below [Service], then: systemctl restart sim52xxd",
       "a class (char-...) is allowed already? Classes are looked up when the service starts: the "
       "driver must be loaded by then"});
}

Verdict mode_denies(const json& facts) {
  const json& device = member(facts, "device");
  const std::string user = text(member(facts, "service"), "user");
  const std::string group = text(device, "group");
  const std::string who = user.empty() ? "sim52xx" : user;
  std::vector<std::string> remedies;
  const auto mode = static_cast<unsigned>(number(device, "mode").value_or(0));
  const bool group_may = (mode >> 3 & read_write) == read_write;
  if (group_may && group != "root" && !group.empty())
    remedies = {"members of the group " + group + " may: usermod -aG " + group + " " + who +
                ", then: systemctl restart sim52xxd"};
  else
    remedies = {
        "give it a group by a udev rule: KERNEL==\"tty...\", GROUP=\"dialout\", "
        "MODE=\"0660\", then: udevadm trigger"};
  return problem("the daemon's user " + who + " may not open " + device_of(facts) + " (" +
                     text(device, "owner") + ":" + group + ")",
                 std::move(remedies));
}

std::string holder_text(const json& holder) {
  std::string words = text(holder, "name") + " (process " + text(holder, "pid");
  const std::string user = text(holder, "user");
  return words + (user.empty() ? "" : " of " + user) + ")";
}

std::string remedy_for(const json& holder) {
  const std::string program = text(holder, "name");
  if (program == "agetty" || program == "getty")
    return "it is a console: systemctl disable --now serial-getty@" + text(holder, "tty") +
           ", and take console=" + text(holder, "tty") + " from the kernel's command line";
  if (program == "ModemManager") return "make it leave the port: see modemmanager";
  if (program == "sim52xxd")
    return "a second daemon for one modem? each needs a device of its own: systemctl list-units "
           "'sim52xxd*'";
  return "end it: kill " + text(holder, "pid") + "; a service: systemctl status " +
         text(holder, "pid") + " tells its name";
}

}  // namespace

Verdict look_at_daemon(const json& facts) {
  const json& daemon = member(facts, "daemon");
  if (member(daemon, "reachable") == true)
    return fine(text(daemon, "version") + " answers on " + text(facts, "socket"));
  const json& configuration = member(facts, "configuration");
  const bool runs = member(facts, "service").is_object();
  std::vector<std::string> remedies;
  if (member(configuration, "ok") == false) {
    std::string words = "it does not start: the configuration is wrong";
    for (const json& message : member(configuration, "messages"))
      remedies.push_back(plain(message));
    remedies.emplace_back("correct it, then: systemctl restart sim52xxd");
    if (!runs) return problem(std::move(words), std::move(remedies));
  }
  if (text(daemon, "kind") != "denied" && !runs)
    return problem(text(daemon, "message") + "; it does not run",
                   {"start it: systemctl enable --now sim52xxd",
                    "it ends at once? journalctl -u sim52xxd -n 50 says why"});
  const json& advice = member(daemon, "advice");
  if (advice.is_array())
    for (const json& line : advice)
      remedies.push_back(plain(line));
  return problem(text(daemon, "message"), std::move(remedies));
}

Verdict look_at_device(const json& facts) {
  const json& device = member(facts, "device");
  const std::string path = device_of(facts);
  if (path.empty())
    return unknown("not known which one: neither the daemon nor its configuration tells");
  if (member(device, "exists") != true) {
    std::vector<std::string> remedies;
    const std::string found = candidates(facts);
    const bool unbound = member(facts, "usb_without_port") == true;
    if (unbound) remedies.emplace_back(option_driver);
    if (!unbound || !found.empty())
      remedies.push_back(
          found.empty() ? "no serial port is there: is the modem plugged in and powered? dmesg | "
                          "tail, lsusb"
                        : "these ports are there: " + found);
    if (!found.empty() || path == "/dev/sim52xx")
      remedies.emplace_back(
          "name the right one as device in [modem], or by a udev rule that makes " + path +
          "; the modem port is interface 03 of 05c6:9000");
    return problem(path + " does not exist", std::move(remedies));
  }
  const std::string target = text(device, "target");
  std::string words = target.empty() || target == path ? path : path + " is " + target;
  if (text(device, "type") != "terminal")
    return problem(words + ", which is no serial port",
                   {"name the modem's port as device in [modem]"});
  const std::string usb = text(device, "usb");
  if (!usb.empty()) words += " (USB " + usb + ")";
  if (usb.starts_with("05c6:9000") &&
      (usb.ends_with("interface 00") || usb.ends_with("interface 01")))
    return warning(
        words + ": that is hardly the port for commands",
        {"the modem port is usually interface 03, and 02 a second one for commands; 00 is "
         "diagnostics, 01 the GPS"});
  return fine(words);
}

Verdict look_at_access(const json& facts) {
  const json& service = member(facts, "service");
  const json& last = last_error_of(facts);
  const bool by_mode = service.is_object() && !may_open(member(facts, "device"), service);
  const bool refused = text(last, "kind") == "denied" && failed_in(facts, "port");
  const bool by_cgroup = text(last, "message").find("not permitted") != std::string::npos;
  if (refused) return by_cgroup && !by_mode ? device_denied(facts) : mode_denies(facts);
  // An access control list may allow more than the mode, so a daemon that can tell is believed.
  if (by_mode && !member(facts, "status").is_object()) return mode_denies(facts);
  if (!service.is_object()) return fine("nothing speaks against it; the daemon does not run");
  const std::string user = text(service, "user");
  return fine(user.empty() ? "yes" : user + " may");
}

Verdict look_at_others(const json& facts) {
  const json& device = member(facts, "device");
  const json& holders = member(device, "holders");
  const bool refused = text(last_error_of(facts), "kind") == "busy" && failed_in(facts, "port");
  std::string words;
  std::vector<std::string> remedies;
  if (holders.is_array())
    for (const json& holder : holders) {
      const bool has_own_row = text(holder, "name") == "ModemManager" && !refused;
      if (has_own_row) continue;
      words += (words.empty() ? "" : " and ") + holder_text(holder);
      remedies.push_back(remedy_for(holder));
    }
  if (!words.empty())
    return problem(words + " has " + device_of(facts) + " open" +
                       (refused ? ": the daemon waits" : ": it takes bytes away from the daemon"),
                   std::move(remedies));
  if (refused)
    return problem("another program has locked " + device_of(facts),
                   {"which one only root can see: sudo sim52xxctl doctor"});
  const std::string lock = text(device, "lock_file");
  if (!lock.empty())
    return warning("there is a lock file " + lock + ", which the daemon does not heed",
                   {"does that program run? Two at one port garble each other"});
  if (member(device, "unseen") == true) return fine("nobody whom you may see; root sees all");
  return fine("nobody");
}

Verdict look_at_modem_manager(const json& facts) {
  const json& device = member(facts, "device");
  if (!member(facts, "modem_manager").is_object()) return fine("it does not run");
  const json& ignored = member(device, "mm_ignored");
  if (ignored == true) return fine("a udev rule keeps it away");
  const json& holders = member(device, "holders");
  const bool at_it = holders.is_array() && std::any_of(holders.begin(), holders.end(), [](auto& h) {
                       return text(h, "name") == "ModemManager";
                     });
  const bool usb = !text(device, "usb").empty();
  if (!at_it && !usb && text(device, "class") != "ttyUSB")
    return fine("it runs, and looks at USB ports only");
  std::vector<std::string> remedies{
      "add the line to a udev rule for this modem: ENV{ID_MM_DEVICE_IGNORE}=\"1\" (before "
      "77-mm-*.rules; the one of the package does it for 05c6:9000), then: udevadm control "
      "--reload && udevadm trigger && systemctl restart ModemManager",
      "no other modem here? systemctl disable --now ModemManager"};
  if (at_it)
    return problem("ModemManager is at " + device_of(facts) + " and sends commands of its own",
                   std::move(remedies));
  return warning("ModemManager runs and no udev rule keeps it away from " + device_of(facts),
                 std::move(remedies));
}

}  // namespace sim52xx::ctl::doctor
