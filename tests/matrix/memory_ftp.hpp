// An FTP server behind the emulated modem, in memory and in the stage's time: the files of /home.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "tests/matrix/memory_network.hpp"

namespace sim52xx::test {

class MemoryFtp final : public sim::FtpClient {
 public:
  explicit MemoryFtp(Stage& stage);
  void attach(sim::Modem& modem) { modem_ = &modem; }
  void close_peers();

  std::map<std::string, std::string> files;  // by absolute path

  void login(const sim::FtpLogin& login) override;
  void logout() override;
  void pwd() override { finish(sim::FtpsError::success, "/home"); }
  void command(Verb verb, const std::string& path) override;
  void list(const std::string& path) override;
  void get(const std::string& path, std::int64_t offset, bool ascii) override;
  void put(const std::string& path, std::int64_t offset, bool ascii) override;
  void send(std::string_view bytes) override;
  void end_of_file() override;
  [[nodiscard]] std::size_t unsent() const override { return 0; }
  void allow_receive(bool allowed) override { allowed_ = allowed; }
  void abort() override;

 private:
  void finish(sim::FtpsError how, const std::string& directory = {});
  void say(std::string text);
  bool deliver();
  void settle() { modem_->settle(stage_.now().time_since_epoch()); }

  Stage& stage_;
  Later later_{stage_};
  sim::Modem* modem_ = nullptr;
  bool in_ = false;
  bool allowed_ = true;
  std::uint64_t number_ = 0;  // of the operation, so that what comes late finds it gone
  std::string putting_;       // the file that is being put
  std::string waiting_;       // of a listing or a file, for the modem
  bool sending_ = false;      // it ends when that is delivered
};

}  // namespace sim52xx::test
