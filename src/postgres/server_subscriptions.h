// Subscriptions are rows of a shared catalog: CREATE DATABASE … TEMPLATE leaves them behind, and DROP DATABASE refuses a database
// that has some. Internal to this room.
#pragma once
#include <string>

#include "postgres/connection.h"

namespace pga::postgres {

// Makes the subscriptions of the database `from` again in its copy, which `url` opens: never connected, without their secret (a
// placeholder stands for the connection string, as everywhere in pgarchitect). `admin` is a session of any database. No session
// is left in the copy.
Status copy_subscriptions(Connection& admin, const std::string& from, const std::string& url, const std::string& superuser);
// Drops those of the database that `url` opens; their slots, if there are any, stay on the publisher.
Status drop_subscriptions(const std::string& url);

}  // namespace pga::postgres
