#include "tests/scripted/stage.hpp"

#include <iostream>

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

namespace sim52xx::test {

Stage::Stage() : log_(std::make_shared<std::ostringstream>()) {
  runtime.timers.go_virtual(Time(std::chrono::hours(1)));
  auto sink = std::make_shared<spdlog::sinks::ostream_sink_st>(*log_);
  auto logger = std::make_shared<spdlog::logger>("stage", std::move(sink));
  logger->set_pattern("%l: %v");
  logger->set_level(spdlog::level::debug);
  spdlog::set_default_logger(std::move(logger));
}

Stage::~Stage() {
  spdlog::set_default_logger(std::make_shared<spdlog::logger>("none"));
  if (::testing::Test::HasFailure()) std::cout << "--- log of the daemon:\n" << log();
}

void Stage::settle() {
  bool moved = true;
  while (moved) {
    runtime.io.restart();
    while (runtime.io.poll() > 0)
      runtime.io.restart();
    moved = false;
    for (const auto& mover : movers_)
      if (mover()) moved = true;
  }
}

bool Stage::step() {
  settle();
  if (!runtime.timers.advance_to_next()) return false;
  settle();
  return true;
}

void Stage::pass(Duration duration) {
  settle();
  bool over = false;
  daemon::Timer timer(runtime.timers, [&over] { over = true; });
  timer.arm(now() + duration);
  while (!over)
    step();
}

bool Stage::until(const std::function<bool()>& true_now, Duration most) {
  settle();
  bool over = false;
  daemon::Timer timer(runtime.timers, [&over] { over = true; });
  timer.arm(now() + most);
  while (!true_now()) {
    if (over) return false;
    step();
  }
  return true;
}

}  // namespace sim52xx::test
