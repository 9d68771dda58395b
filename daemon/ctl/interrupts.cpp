#include "daemon/ctl/interrupts.hpp"

#include <csignal>

#include <sys/signalfd.h>
#include <unistd.h>

namespace sim52xx::ctl {
namespace {

// Without those that somebody wants to be ignored (nohup, a script's background job): a signal that
// is blocked would come through nevertheless.
sigset_t our_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction now{};
    if (::sigaction(signal, nullptr, &now) == 0 && now.sa_handler != SIG_IGN)
      sigaddset(&set, signal);
  }
  return set;
}

}  // namespace

Interrupts::Interrupts() {
  const sigset_t set = our_signals();
  ::sigprocmask(SIG_BLOCK, &set, &before_);
  signals_.reset(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

Interrupts::~Interrupts() {
  ::sigprocmask(SIG_SETMASK, &before_, nullptr);
}

int Interrupts::take() {
  signalfd_siginfo info{};
  const ssize_t got = ::read(signals_.get(), &info, sizeof info);
  return got == static_cast<ssize_t>(sizeof info) ? static_cast<int>(info.ssi_signo) : 0;
}

}  // namespace sim52xx::ctl
