#include "daemon/modem/spelling.hpp"

#include <utility>

#include <spdlog/spdlog.h>

namespace sim52xx::daemon {
namespace {

// The modem did not know what was said: it has asked for nothing, told nothing, and done nothing.
bool not_understood(const Outcome& outcome) {
  return (outcome.final == Final::error || outcome.final == Final::cme) && !outcome.code &&
         !outcome.prompted && !outcome.data && outcome.lines.empty();
}

}  // namespace

asio::awaitable<Result<Outcome>> Spelling::run(CommandId id, const Ways& ways, Duration timeout,
                                               std::string_view payload, BlockSink* blocks,
                                               const Patience* patience) {
  const std::string_view key = modem_.profile().row(id).names[0];
  const Known before = known_[key];
  const std::size_t first = before.way < ways.size() ? before.way : 0;
  auto answer = co_await say(id, ways[first], timeout, payload, blocks, patience);
  if (!answer) co_return answer;
  if (!not_understood(*answer)) {
    known_[key] = {first, true, before.tried};
    co_return answer;
  }
  const bool in_vain = before.tried && tries_ == Tries::once;
  if (before.proven || in_vain || ways.size() == 1) co_return answer;
  for (std::size_t i = 1; i < ways.size(); ++i) {
    auto other = co_await say(id, ways[i], timeout, payload, blocks, patience);
    if (!other) co_return other;
    if (not_understood(*other)) continue;
    spdlog::info("modem: AT{} has to be said in way {} of {}", key, i + 1, ways.size());
    known_[key] = {i, true, true};
    co_return other;
  }
  known_[key].tried = true;
  co_return answer;
}

asio::awaitable<Result<Outcome>> Spelling::say(CommandId id, const CommandBuilder& way,
                                               Duration timeout, std::string_view payload,
                                               BlockSink* blocks, const Patience* patience) {
  auto line = way.line();
  if (!line) co_return line.error();
  Request request(modem_.profile().row(id), std::move(*line));
  request.payload = payload;
  request.blocks = blocks;
  request.patience = patience;
  auto answer = co_await modem_.channel().exec(std::move(request), timeout);
  co_return answer;
}

bool Spelling::proven(CommandId id) const {
  const auto known = known_.find(modem_.profile().row(id).names[0]);
  return known != known_.end() && known->second.proven;
}

void Spelling::on_modem_lost(const std::string&) {
  known_.clear();
}

}  // namespace sim52xx::daemon
