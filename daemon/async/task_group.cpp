#include "daemon/async/task_group.hpp"

#include <cassert>
#include <exception>

#include <boost/asio/co_spawn.hpp>
#include <spdlog/spdlog.h>

namespace sim52xx::daemon {

TaskGroup::~TaskGroup() { assert(size_ == 0); }

void TaskGroup::spawn(std::string name, asio::awaitable<void> task) {
  ++size_;
  asio::co_spawn(runtime_.io, std::move(task),
                 [this, name = std::move(name)](const std::exception_ptr& thrown) {
                   --size_;
                   changed_.notify();
                   if (!thrown) return;
                   try {
                     std::rethrow_exception(thrown);
                   } catch (const std::exception& e) {
                     spdlog::critical("internal error in {}: {}", name, e.what());
                   }
                   if (failed_) failed_();
                 });
}

asio::awaitable<void> TaskGroup::join() {
  while (size_ > 0) co_await changed_.wait();
}

}  // namespace sim52xx::daemon
