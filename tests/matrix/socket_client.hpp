// A client of a data socket, as a program would be one: writes, reads, sees EOF or a reset. Asks
// its second question when it has the answer to the first.
#pragma once

#include <string>
#include <vector>

#include "tests/matrix/dialogues.hpp"

namespace sim52xx::test {

class SocketClient final : public Run {
 public:
  struct Plan {
    std::string endpoint;
    int channel = 0;
    std::vector<std::string> questions;
    std::vector<std::string> answers;
  };

  SocketClient(World& world, Plan plan);
  ~SocketClient() override { leave(); }

  [[nodiscard]] bool over() const override { return ended_; }
  void give_up() override;
  [[nodiscard]] std::vector<Outcome> outcomes() const override { return {outcome()}; }
  [[nodiscard]] Outcome outcome() const;
  [[nodiscard]] bool answered(std::size_t count) const {
    return got_.size() >= wanted(count).size();
  }

 private:
  void connect(const std::string& path);
  bool move();
  bool write();
  bool read();
  void leave();
  [[nodiscard]] std::string wanted(std::size_t count) const;

  World& world_;
  Plan plan_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  int fd_ = -1;
  std::size_t asked_ = 0;
  std::string out_;
  std::string got_;
  bool ended_ = false;
  bool reset_ = false;
  bool hung_ = false;
};

}  // namespace sim52xx::test
