// The compiled part of Boost.Asio, once for the whole daemon.
#include <boost/asio/impl/src.hpp>
