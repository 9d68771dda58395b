#include "tests/emulator/io/emulator.hpp"

#include "tests/emulator/core/memory_store.hpp"
#include "tests/emulator/io/control.hpp"

namespace sim52xx::sim {

namespace {

std::unique_ptr<FileStore> make_store(const std::string& folder) {
  if (folder.empty()) return std::make_unique<MemoryStore>();
  return std::make_unique<FolderStore>(folder);
}

Settings settings_of(const Options& options) {
  Settings settings = options.settings;
  settings.trusts = !options.outside.ca_file.empty();
  return settings;
}

}  // namespace

Emulator::Emulator(asio::io_context& io, const Options& options)
    : network_(io, options.outside),
      files_(make_store(options.efs)),
      ftp_(io, options.outside),
      modem_(settings_of(options), {network_, ftp_, *files_}, now()),
      port_(io, modem_, log_, options.link, options.baud, [this] { settle(); }),
      clock_(io),
      absence_(io) {
  if (!options.log.empty()) log_.open(options.log);
  const auto moved = [this] {
    modem_.settle(now());
    settle();
  };
  network_.listen(modem_.network_events(), moved);
  ftp_.listen(modem_.ftps(), moved);
  // Not at once, but when the modem is done with the command.
  modem_.set_fault_outside({[this, &io](double seconds) {
                              const auto time = std::chrono::milliseconds(
                                  static_cast<std::int64_t>(seconds * 1000));
                              asio::post(io, [this, time] { vanish(time); });
                            },
                            [this, &io] { asio::post(io, [this] { close_peers(); }); }});
  if (!options.control.empty())
    control_ = std::make_unique<ControlServer>(io, *this, options.control);
  settle();
}

Emulator::~Emulator() {
  log_.flush();
}

void Emulator::settle() {
  if (settling_) return;
  settling_ = true;
  port_.settle();
  set_clock();
  settling_ = false;
}

void Emulator::set_clock() {
  const auto next = modem_.deadline();
  if (next == deadline_) return;
  deadline_ = next;
  clock_.cancel();
  if (!next) return;
  clock_.expires_at(Pacer::Clock::time_point(*next));
  clock_.async_wait([this](const error_code& stopped) {
    if (stopped) return;
    deadline_.reset();
    modem_.tick(now());
    settle();
  });
}

void Emulator::close_peers() {
  for (int channel = 0; channel < channels; ++channel)
    network_.drop_peer(channel);
  ftp_.drop_peer();
  settle();
}

void Emulator::vanish(std::chrono::milliseconds time) {
  say("port vanishes");
  port_.unplug();
  absence_.expires_after(time);
  absence_.async_wait([this](const error_code& stopped) {
    if (stopped) return;
    port_.replug();
    say("port is back: " + port_.name());
    modem_.settle(now());
    settle();
  });
}

}  // namespace sim52xx::sim
