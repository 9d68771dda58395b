// A modem for tests: the network is a fake, time moves only when told, and what the modem says is
// taken off it at once.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "tests/emulator/core/memory_store.hpp"
#include "tests/emulator/core/modem.hpp"

namespace sim52xx::sim {

inline const std::string ok_line = "\r\nOK\r\n";
inline const std::string error_line = "\r\nERROR\r\n";

class FakeNetwork final : public Network {
 public:
  void open(int session, const std::string& host, std::uint16_t port) override {
    calls.push_back("open " + std::to_string(session) + " " + host + ":" + std::to_string(port));
  }
  void resume(int session) override { note("resume", session); }
  void close(int session) override {
    note("close", session);
    held.at(index(session)) = 0;
  }
  void abort(int session) override {
    note("abort", session);
    held.at(index(session)) = 0;
  }
  void send(int session, std::string_view bytes) override {
    sent.at(index(session)) += bytes;
    if (slow) held.at(index(session)) += bytes.size();
  }
  [[nodiscard]] std::size_t unsent(int session) const override { return held.at(index(session)); }
  void allow_receive(int session, bool allow) override { allowed.at(index(session)) = allow; }

  std::vector<std::string> calls;
  std::array<std::string, channels> sent;
  std::array<std::size_t, channels> held{};
  std::array<bool, channels> allowed{true, true, true};
  bool slow = false;  // nothing leaves until release()

 private:
  static std::size_t index(int session) { return static_cast<std::size_t>(session); }
  void note(const char* what, int session) {
    calls.push_back(std::string(what) + " " + std::to_string(session));
  }
};

// Notes what it is asked for; its answers are the test's.
class FakeFtp final : public FtpClient {
 public:
  void login(const FtpLogin& login) override {
    calls.push_back("login " + login.host + ":" + std::to_string(login.port) + " " + login.user +
                    " " + login.password + (login.verify ? " verified" : ""));
  }
  void logout() override { calls.emplace_back("logout"); }
  void pwd() override { calls.emplace_back("pwd"); }
  void command(Verb verb, const std::string& path) override {
    static const std::array<std::string, 4> names{"cwd ", "mkd ", "rmd ", "dele "};
    calls.push_back(names.at(static_cast<std::size_t>(verb)) + path);
  }
  void list(const std::string& path) override { calls.push_back("list " + path); }
  void get(const std::string& path, std::int64_t offset, bool ascii) override {
    calls.push_back("get " + path + " " + std::to_string(offset) + (ascii ? " A" : " I"));
  }
  void put(const std::string& path, std::int64_t offset, bool ascii) override {
    calls.push_back("put " + path + " " + std::to_string(offset) + (ascii ? " A" : " I"));
  }
  void send(std::string_view bytes) override {
    sent += bytes;
    if (slow) held += bytes.size();
  }
  void end_of_file() override { calls.emplace_back("end"); }
  [[nodiscard]] std::size_t unsent() const override { return held; }
  void allow_receive(bool allow) override { allowed = allow; }
  void abort() override {
    calls.emplace_back("abort");
    held = 0;
  }

  std::vector<std::string> calls;
  std::string sent;
  std::size_t held = 0;
  bool allowed = true;
  bool slow = false;  // nothing leaves until Rig::ftp_release()
};

class Rig {
 public:
  explicit Rig(Settings settings = {}) : modem(std::move(settings), {network, ftp, files}, time) {}

  // The host writes; what the modem says then.
  std::string say(std::string_view bytes) {
    modem.receive(bytes, time);
    return heard();
  }
  std::string heard() {
    std::string out;
    while (!modem.front().empty()) {
      out += modem.front();
      modem.written(modem.front().size(), time);
    }
    return out;
  }
  std::string wait(milliseconds span) {
    const Time end = time + span;
    for (auto due = modem.deadline(); due && *due <= end; due = modem.deadline()) {
      time = std::max(time, *due);
      modem.tick(time);
    }
    time = end;
    modem.tick(time);
    return heard();
  }
  std::string opened(int id) {
    modem.network_events().opened(id);
    return after_event();
  }
  std::string alerted(int id, std::uint32_t bits) {
    modem.network_events().alerted(id, bits);
    return after_event();
  }
  std::string failed(int id, std::optional<std::uint32_t> bits = std::nullopt) {
    modem.network_events().failed(id, bits);
    return after_event();
  }
  std::string received(int id, std::string_view bytes) {
    modem.network_events().received(id, bytes);
    return after_event();
  }
  std::string peer_closed(int id) {
    modem.network_events().peer_closed(id);
    return after_event();
  }
  // The slow network gets `count` bytes rid.
  std::string release(int id, std::size_t count) {
    network.held.at(static_cast<std::size_t>(id)) -= count;
    modem.network_events().sent(id);
    return after_event();
  }
  std::string ftp_done(FtpsError how = FtpsError::success, const std::string& directory = {}) {
    modem.ftps().finished(how, directory);
    return after_event();
  }
  std::string ftp_received(std::string_view bytes) {
    modem.ftps().received(bytes);
    return after_event();
  }
  std::string ftp_release(std::size_t count) {
    ftp.held -= count;
    modem.ftps().sent();
    return after_event();
  }
  std::string set(std::string_view knob, const KnobValue& value) {
    return modem.set(knob, value, time);
  }
  // The usual beginnings.
  void start(bool transparent = false) {
    say("ATE0\r");
    if (transparent) say("AT+CSSLMODE=1\r");
    say("AT+CSSLSTART\r");
  }
  void open(int id) {
    say("AT+CSSLOPEN=" + std::to_string(id) + ",\"www.myserver.com\",443\r");
    opened(id);
  }

  void start_https() {
    say("ATE0\r");
    say("AT+CHTTPSSTART\r");
    say("AT+CHTTPSOPSE=\"www.mywebsite.com\",443\r");
    opened(https_channel);
  }

  // In the directory /home.
  void start_ftps() {
    say("ATE0\r");
    say("AT+CFTPSSTART\r");
    say("AT+CFTPSLOGIN=\"www.myftpsserver.com\",990,\"myname\",\"mypassword\"\r");
    ftp_done(FtpsError::success, "/home");
  }

  FakeNetwork network;
  FakeFtp ftp;
  MemoryStore files;
  Time time = seconds(1000);
  Modem modem;

 private:
  std::string after_event() {
    modem.settle(time);
    return heard();
  }
};

}  // namespace sim52xx::sim
