#include "tests/emulator/io/control.hpp"

#include <utility>

#include <unistd.h>

#include <boost/asio/read_until.hpp>

#include "tests/emulator/io/emulator.hpp"

namespace sim52xx::sim {
namespace {

constexpr std::size_t longest_line = 65536;
using Socket = asio::local::stream_protocol::socket;

// One client. Answers in the order of its lines; it lives as long as an operation is under way.
class ControlClient : public std::enable_shared_from_this<ControlClient> {
 public:
  ControlClient(Socket socket, Emulator& emulator)
      : socket_(std::move(socket)), emulator_(emulator) {}

  void read() {
    asio::async_read_until(
        socket_, asio::dynamic_buffer(input_, longest_line), '\n',
        [self = shared_from_this()](const error_code& failure, std::size_t size) {
          if (!failure) self->answer(size);
        });
  }

 private:
  void answer(std::size_t size) {
    const std::string line = input_.substr(0, size - 1);
    input_.erase(0, size);
    output_ = control_answer(emulator_, line) + "\n";
    asio::async_write(socket_, asio::buffer(output_),
                      [self = shared_from_this()](const error_code& failure, std::size_t) {
                        if (!failure) self->read();
                      });
  }

  Socket socket_;
  Emulator& emulator_;
  std::string input_;
  std::string output_;
};

}  // namespace

ControlServer::ControlServer(asio::io_context& io, Emulator& emulator, std::string path)
    : emulator_(emulator), path_(std::move(path)), acceptor_(io) {
  ::unlink(path_.c_str());
  const asio::local::stream_protocol::endpoint endpoint(path_);
  acceptor_.open(endpoint.protocol());
  acceptor_.bind(endpoint);
  acceptor_.listen();
  accept();
}

ControlServer::~ControlServer() {
  ::unlink(path_.c_str());
}

void ControlServer::accept() {
  acceptor_.async_accept([this](const error_code& failure, Socket socket) {
    if (failure == asio::error::operation_aborted) return;
    if (!failure) std::make_shared<ControlClient>(std::move(socket), emulator_)->read();
    accept();
  });
}

}  // namespace sim52xx::sim
