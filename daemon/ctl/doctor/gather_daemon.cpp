// What the daemon knows and, where it may be asked, the modem; without a daemon, its configuration.
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <sstream>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/ctl/doctor/gather.hpp"

extern char** environ;  // NOLINT: POSIX

namespace sim52xx::ctl::doctor {
namespace {

namespace fs = std::filesystem;

struct Said {
  int exit = -1;  // -1: it could not be run
  std::string words;
};

// Beside this program, as in a build; else where it is installed.
std::string daemon_program() {
  std::error_code error;
  const fs::path own = fs::read_symlink("/proc/self/exe", error).parent_path();
  for (const fs::path& path :
       {own / "sim52xxd", own.parent_path() / "sbin" / "sim52xxd", fs::path("/usr/sbin/sim52xxd")})
    if (::access(path.c_str(), X_OK) == 0) return path;
  return {};
}

Said run(std::vector<std::string> words) {
  Said said;
  std::array<int, 2> ends{};
  if (words.front().empty() || ::pipe2(ends.data(), O_CLOEXEC) != 0) return said;
  daemon::Fd reading(ends[0]);
  daemon::Fd writing(ends[1]);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, writing.get(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, writing.get(), STDERR_FILENO);
  std::vector<char*> argv;
  for (std::string& word : words)
    argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t child = 0;
  const int failed = ::posix_spawn(&child, argv[0], &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return said;
  writing.reset();
  std::array<char, 4096> bytes;  // NOLINT: filled by the kernel
  for (ssize_t got = 0; (got = ::read(reading.get(), bytes.data(), bytes.size())) > 0;)
    said.words.append(bytes.data(), static_cast<std::size_t>(got));
  int status = 0;
  ::waitpid(child, &status, 0);
  said.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return said;
}

// device = "..." of [modem] in what --print-config prints.
std::string device_in(const std::string& printed) {
  std::istringstream in(printed);
  for (std::string line; std::getline(in, line);) {
    constexpr std::string_view begin = "device = \"";
    if (line.starts_with(begin))
      return line.substr(begin.size(), line.find('"', begin.size()) - begin.size());
  }
  return {};
}

std::string now_text() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc)};
}

json without_daemon(const Failure& failure) {
  const bool denied = failure.exit == Exit::denied;
  return {{"reachable", false},
          {"kind", denied ? "denied" : "daemon_absent"},
          {"message", failure.message},
          {"advice", failure.advice}};
}

void add_daemon(json& facts, const std::string& socket, const Tries& how) {
  auto client = Client::connect(socket);
  if (!client) {
    facts["daemon"] = without_daemon(client.error());
    return;
  }
  const auto version = client->call("version");
  const auto status = client->call("status");
  if (!version || !status) {
    facts["daemon"] = without_daemon(version ? status.error() : version.error());
    return;
  }
  const std::string number = text(*version, "daemon");
  facts["daemon"] = {{"reachable", true},
                     {"version", number.starts_with("sim52xxd") ? number : "sim52xxd " + number}};
  facts["status"] = *status;
  facts["modem"] = ask_modem(*client, *status);
  facts["tries"] = try_endpoints(*client, socket, *status, how);
}

}  // namespace

json configuration(const std::string& file) {
  const Said said = run({daemon_program(), "--print-config", "--config", file});
  if (said.exit < 0) return nullptr;
  json facts = {{"file", file}, {"ok", said.exit == 0}, {"messages", json::array()}};
  facts["device"] = said.exit == 0 ? device_in(said.words) : "";
  std::istringstream in(said.words);
  if (said.exit != 0)
    for (std::string line; std::getline(in, line) && facts["messages"].size() < 10;)
      facts["messages"].push_back(line);
  return facts;
}

json gather(const std::string& socket, const std::string& config_file, const Tries& how) {
  json facts = {{"now", now_text()}, {"socket", socket}};
  add_daemon(facts, socket, how);
  const Machine machine;
  const json& status = member(facts, "status");
  const int pid = static_cast<int>(number(status, "pid").value_or(0));
  facts["configuration"] = status.is_object() ? json() : configuration(config_file);
  facts["service"] = machine.service(pid, socket);
  const std::string known = text(member(status, "modem"), "device");
  const std::string device = known.empty() ? text(member(facts, "configuration"), "device") : known;
  const int seen = static_cast<int>(number(member(facts, "service"), "pid").value_or(0));
  facts["device"] = machine.device(device, pid != 0 ? pid : seen);
  facts["ports"] = machine.ports();
  facts["usb_without_port"] = machine.usb_without_port();
  facts["modem_manager"] = machine.modem_manager();
  return facts;
}

}  // namespace sim52xx::ctl::doctor
