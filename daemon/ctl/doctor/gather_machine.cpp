// The port and the processes: /dev, /proc, /sys and /run/udev.
#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <set>
#include <sstream>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "daemon/ctl/doctor/gather.hpp"
#include "daemon/system/fd.hpp"

namespace sim52xx::ctl::doctor {
namespace {

namespace fs = std::filesystem;

std::string first_line(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

// The rest of the line that begins so.
std::string line_of(const fs::path& file, std::string_view begin) {
  std::ifstream in(file);
  std::string line;
  while (std::getline(in, line))
    if (line.starts_with(begin)) return line.substr(begin.size());
  return {};
}

std::vector<fs::path> entries(const fs::path& folder) {
  std::vector<fs::path> all;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    all.push_back(at->path());
  std::sort(all.begin(), all.end());
  return all;
}

std::optional<int> number_of(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string user_name(unsigned uid) {
  const passwd* entry = ::getpwuid(uid);
  return entry == nullptr ? std::to_string(uid) : entry->pw_name;
}

std::string group_name(unsigned gid) {
  const group* entry = ::getgrgid(gid);
  return entry == nullptr ? std::to_string(gid) : entry->gr_name;
}

std::vector<int> numbers_in(const std::string& words) {
  std::vector<int> all;
  std::istringstream in(words);
  for (int value = 0; in >> value;)
    all.push_back(value);
  return all;
}

// A sim52xxd that was told, or knows by itself, to make its sockets in the folder of `socket`.
bool serves(const fs::path& process, const std::string& socket) {
  if (first_line(process / "comm") != "sim52xxd") return false;
  std::ifstream in(process / "cmdline");
  std::string folder = "/run/sim52xx";
  std::string before;
  for (std::string word; std::getline(in, word, '\0'); before = word) {
    if (before == "--runtime-dir") folder = word;
    if (word.starts_with("--runtime-dir=")) folder = word.substr(word.find('=') + 1);
  }
  return fs::path(socket).parent_path() == folder;
}

// Not who is the other end of a pseudo terminal, a modem that is played.
bool has_open(const fs::path& process, const std::string& target) {
  bool has = false;
  bool other_end = false;
  for (const fs::path& descriptor : entries(process / "fd")) {
    std::error_code error;
    const std::string open = fs::read_symlink(descriptor, error).string();
    has = has || open == target;
    other_end = other_end || open.ends_with("/ptmx");
  }
  return has && !(other_end && target.starts_with("/dev/pts/"));
}

// Nothing is opened: that could take a port from somebody.
std::string type_of(const struct stat& about, const std::string& target) {
  if (!S_ISCHR(about.st_mode)) return S_ISDIR(about.st_mode) ? "folder" : "file";
  // Terminals have a name under /dev/tty or /dev/pts; other character devices do not.
  const bool terminal = target.starts_with("/dev/tty") || target.starts_with("/dev/pts/") ||
                        target.starts_with("/dev/rfcomm");
  return terminal ? "terminal" : "device";
}

}  // namespace

fs::path Machine::at(std::string_view path) const {
  return root_ / fs::path(path).relative_path();
}

json Machine::device(const std::string& path, int daemon) const {
  json facts = {{"path", path}, {"exists", false}};
  if (path.empty()) return facts;
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0) return facts;
  std::error_code error;
  const std::string target = fs::canonical(path, error).string();
  const std::string tty = fs::path(target).filename().string();
  bool unseen = false;
  facts["exists"] = true;
  facts["target"] = target;
  facts["type"] = type_of(about, target);
  facts["mode"] = about.st_mode & 0777U;
  facts["uid"] = about.st_uid;
  facts["gid"] = about.st_gid;
  facts["owner"] = user_name(about.st_uid);
  facts["group"] = group_name(about.st_gid);
  facts["class"] = tty.substr(0, tty.find_first_of("0123456789"));
  facts["usb"] = usb_of(tty);
  facts["holders"] = holders(target, daemon, unseen);
  facts["unseen"] = unseen;
  const fs::path udev = at("/run/udev/data/c" + std::to_string(major(about.st_rdev)) + ":" +
                           std::to_string(minor(about.st_rdev)));
  facts["mm_ignored"] = line_of(udev, "E:ID_MM_DEVICE_IGNORE=") == "1" ||
                        line_of(udev, "E:ID_MM_PORT_IGNORE=") == "1";
  const fs::path lock = at("/run/lock/LCK.." + tty);
  facts["lock_file"] = fs::exists(lock, error) ? lock.string() : "";
  return facts;
}

// By the descriptors of all processes; those of others only root sees.
json Machine::holders(const std::string& target, int daemon, bool& unseen) const {
  json list = json::array();
  for (const fs::path& process : entries(at("/proc"))) {
    const auto pid = number_of(process.filename().string());
    if (!pid || *pid == daemon || *pid == ::getpid()) continue;
    if (::access((process / "fd").c_str(), R_OK) != 0) {
      unseen = true;
      continue;
    }
    if (!has_open(process, target)) continue;
    const auto uid = numbers_in(line_of(process / "status", "Uid:"));
    json holder = {{"pid", *pid}, {"name", first_line(process / "comm")}};
    holder["tty"] = fs::path(target).filename().string();
    holder["user"] = uid.empty() ? "" : user_name(static_cast<unsigned>(uid.front()));
    list.push_back(std::move(holder));
  }
  return list;
}

// "05c6:9000, interface 02" of a port on the USB bus.
std::string Machine::usb_of(const std::string& tty) const {
  std::error_code error;
  fs::path folder = fs::canonical(at("/sys/class/tty") / tty / "device", error);
  if (error) return {};
  std::string interface;
  for (int up = 0; up < 6 && folder.has_relative_path(); ++up, folder = folder.parent_path()) {
    if (interface.empty()) interface = first_line(folder / "bInterfaceNumber");
    const std::string vendor = first_line(folder / "idVendor");
    if (vendor.empty()) continue;
    std::string words = vendor + ":" + first_line(folder / "idProduct");
    if (!interface.empty()) words += ", interface " + interface;
    return words;
  }
  return {};
}

json Machine::ports() const {
  json list = json::array();
  for (const fs::path& node : entries(at("/dev"))) {
    const std::string name = node.filename().string();
    const bool serial = std::ranges::any_of(
        std::array{"ttyUSB", "ttyACM", "ttyAMA", "ttymxc", "ttySAC", "ttyO", "ttyHS"},
        [&](const char* begin) { return name.starts_with(begin); });
    if (serial) list.push_back({{"path", "/dev/" + name}, {"usb", usb_of(name)}});
  }
  return list;
}

bool Machine::usb_without_port() const {
  for (const fs::path& device : entries(at("/sys/bus/usb/devices"))) {
    if (first_line(device / "idVendor") != "05c6" || first_line(device / "idProduct") != "9000")
      continue;
    for (const fs::path& part : entries(device))
      for (const fs::path& inner : entries(part))
        if (inner.filename().string().starts_with("tty")) return false;
    return true;
  }
  return false;
}

json Machine::service(int pid, const std::string& socket) const {
  for (const fs::path& process : entries(at("/proc"))) {
    const auto number = number_of(process.filename().string());
    if (!number || (pid != 0 && *number != pid)) continue;
    if (pid == 0 && !serves(process, socket)) continue;
    const auto uid = numbers_in(line_of(process / "status", "Uid:"));
    auto gids = numbers_in(line_of(process / "status", "Groups:"));
    const auto own = numbers_in(line_of(process / "status", "Gid:"));
    if (uid.size() < 2 || own.size() < 2) continue;
    gids.push_back(own[1]);
    return {{"pid", *number},
            {"user", user_name(static_cast<unsigned>(uid[1]))},
            {"uid", uid[1]},
            {"gids", gids}};
  }
  return nullptr;
}

json Machine::modem_manager() const {
  for (const fs::path& process : entries(at("/proc"))) {
    const auto pid = number_of(process.filename().string());
    if (pid && first_line(process / "comm") == "ModemManager") return {{"pid", *pid}};
  }
  return nullptr;
}

}  // namespace sim52xx::ctl::doctor
