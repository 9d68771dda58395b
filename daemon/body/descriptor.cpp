#include "daemon/body/descriptor.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "daemon/body/file.hpp"
#include "daemon/body/pipe.hpp"
#include "daemon/body/socket.hpp"

namespace sim52xx::daemon {
namespace {

enum class Kind : std::uint8_t { file, pipe, socket };

Error refuse(std::string_view why) {
  return {ErrorKind::invalid, "descriptors", "the passed descriptor " + std::string(why)};
}

bool has_option(int fd, int option, int wanted) {
  int value = -1;
  socklen_t size = sizeof value;
  return ::getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 && value == wanted;
}

// A file of FUSE is answered by a process, perhaps the client's, and for as long as it likes.
bool may_block(int fd) {
  struct statfs system{};
  return ::fstatfs(fd, &system) != 0 || system.f_type == FUSE_SUPER_MAGIC;
}

Result<Kind> kind_of(int fd, int unusable_mode) {
  struct stat status{};
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0 || ::fstat(fd, &status) != 0) return refuse("cannot be looked at");
  if ((flags & O_PATH) != 0 || (flags & O_ACCMODE) == unusable_mode)
    return refuse(unusable_mode == O_WRONLY ? "is not open for reading"
                                            : "is not open for writing");
  if (S_ISFIFO(status.st_mode)) return Kind::pipe;
  if (S_ISREG(status.st_mode)) {
    if (may_block(fd)) return refuse("is a file of FUSE, which may block");
    return Kind::file;
  }
  const bool stream = S_ISSOCK(status.st_mode) && has_option(fd, SO_TYPE, SOCK_STREAM) &&
                      has_option(fd, SO_ACCEPTCONN, 0);
  if (stream) return Kind::socket;
  return refuse("is neither a regular file, nor a pipe, nor a connected stream socket");
}

}  // namespace

Result<std::unique_ptr<Source>> source_from(Runtime& runtime, Fd fd) {
  const Result<Kind> kind = kind_of(fd.get(), O_WRONLY);
  if (!kind) return kind.error();
  if (*kind == Kind::file) return FileSource::open(std::move(fd));
  std::unique_ptr<Source> source;
  if (*kind == Kind::pipe)
    source = std::make_unique<PipeSource>(runtime, std::move(fd));
  else
    source = std::make_unique<SocketSource>(runtime, std::move(fd));
  return source;
}

Result<std::unique_ptr<Sink>> sink_to(Runtime& runtime, Fd fd) {
  const Result<Kind> kind = kind_of(fd.get(), O_RDONLY);
  if (!kind) return kind.error();
  std::unique_ptr<Sink> sink;
  if (*kind == Kind::file)
    sink = std::make_unique<FileSink>(std::move(fd));
  else if (*kind == Kind::pipe)
    sink = std::make_unique<PipeSink>(runtime, std::move(fd));
  else
    sink = std::make_unique<SocketSink>(runtime, std::move(fd));
  return sink;
}

}  // namespace sim52xx::daemon
