#include "daemon/service/service.hpp"

namespace sim52xx::daemon {
namespace {

std::string modem_words(const Modem& modem) {
  const ModemInfo& info = modem.info();
  std::string words = "modem " + std::string(name(modem.state()));
  if (modem.ready()) {
    if (!info.model.empty()) words += ": " + info.model;
    if (!info.operator_name.empty()) words += ", " + info.operator_name;
    if (!info.technology.empty()) words += ", " + info.technology;
    return words;
  }
  if (!modem.step().empty()) words += ": " + modem.step();
  if (modem.last_error()) words += " (" + modem.last_error()->message + ")";
  return words;
}

}  // namespace

std::string service_status(const Modem& modem, std::string_view refused) {
  std::string words = modem_words(modem);
  if (!refused.empty()) words += "; new configuration refused: " + std::string(refused);
  return words;
}

void Service::ready() {
  notifier_.ready();
  tell();
}

void Service::reloaded(const std::string& problems) {
  refused_ = problems;
  ready();
}

asio::awaitable<void> Service::follow() {
  while (modem_.state() != Modem::State::stopping) {
    tell();
    co_await modem_.changed().wait();
  }
}

}  // namespace sim52xx::daemon
