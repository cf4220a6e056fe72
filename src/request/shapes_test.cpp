// Each of the sixty shapes: three wordings that must match, one near miss that must not.
#include <set>

#include "request/shape.h"
#include "request/table_test.h"

namespace pga::request {
namespace {

struct Wordings {
  std::string_view shape;
  std::vector<std::string_view> wordings;
  std::string_view near_miss;
};

const std::vector<Wordings> kWordings = {
    {"S1", {"add a comments table", "we need an invoices table", "create a table for invoices"}, "the invoices pile up"},
    {"S2",
     {"each customer has a name and an email", "a customer includes a name, a phone and a birthday",
      "add a phone column to customers"},
     "customers have fun"},
    {"S3",
     {"store information about drivers such as name and phone", "we keep basic information about drivers: name, phone",
      "driver details include name, phone and licence number"},
     "information is power"},
    {"S4",
     {"each member has a unique card number", "every product must have a unique SKU", "a booking has a unique locator"},
     "each member has a card number"},
    {"S5",
     {"a course is identified by its code", "the ear tag identifies the cow", "the primary key of a course is its code"},
     "a course is taught by a teacher"},
    {"S6",
     {"invoice(number, total:numeric, note?)", "table invoice(number, total)", "comment body:text user:references"},
     "invoice (see below) is nice"},
    {"S7",
     {"name is required", "the note of an order may be empty", "phone is optional"},
     "requirements are optional extras of life"},
    {"S8",
     {"status is one of open, paid or void", "the level can be low, medium or high", "priority (low, normal, high)"},
     "the status is shown on top"},
    {"S9",
     {"price must be positive", "rating must be between 1 and 5", "the end date must be after the start date"},
     "the price is shown"},
    {"S10", {"status defaults to open", "quantity is 1 by default", "the default status is open"}, "he defaults on loans"},
    {"S11",
     {"the total is the sum of the line totals", "the total is calculated from price and quantity", "zip determines city"},
     "the total is important"},
    {"S12",
     {"email is unique", "no two tickets have the same seat number", "name is unique per company"},
     "every customer is unique and special to us"},
    {"S13",
     {"a truck is a kind of vehicle", "a vehicle is a car, a van or a truck", "a manager is an employee"},
     "a truck is red"},
    {"S14",
     {"salary changes over time", "keep the history of prices", "we want to see the history of the salary"},
     "history lessons are on Monday"},
    {"S15",
     {"an employee belongs to one department", "a player belongs to exactly one team", "a room is part of a hotel"},
     "an employee leaves the department"},
    {"S16", {"a hotel has many rooms", "an owner has several pets", "an order contains many lines"}, "a hotel has a name"},
    {"S17",
     {"a user may have one profile", "an employee can have one locker", "a member may have a card"},
     "a user must have one profile"},
    {"S18",
     {"each student takes many courses and each course has many students", "a book has many authors and an author has many books",
      "there is a many-to-many relationship between actors and movies"},
     "each student takes many courses and each teacher has many rooms"},
    {"S19", {"customers place orders", "a teacher teaches many courses", "members borrow books"}, "customers are happy"},
    {"S20",
     {"a comment links to an event and a user", "comments refer to posts", "link invoices to orders"},
     "the events are linked"},
    {"S21",
     {"a doctor prescribes drugs for a patient", "a customer rents a car at a branch", "a student takes a course in a semester"},
     "a doctor prescribes drugs"},
    {"S22",
     {"each flight has a captain and a first officer, who are crew members",
      "a match has a home team and an away team, both are teams", "each transfer has a sender and a receiver who are accounts"},
     "each flight has a captain and a first officer"},
    {"S23",
     {"a category contains other categories", "an employee reports to another employee", "tasks can depend on other tasks"},
     "an employee reports to a manager"},
    {"S24",
     {"when a user is deleted, delete his comments", "if a vehicle is deleted, keep its rentals",
      "when a customer is removed, anonymise its orders"},
     "when a user logs in, we are happy"},
    {"S25",
     {"an order must have at least 1 item", "a member can have at most 5 loans", "a team must have at least 3 players"},
     "an order must have a date"},
    {"S26",
     {"for each loan we record the date and the due date", "for every payment store the amount and the currency",
      "for each visit we need to record the date"},
     "each loan is short"},
    {"S27",
     {"no double booking of rooms", "no overlapping bookings per room", "no two shifts of the same worker may overlap"},
     "the bookings are many"},
    {"S28",
     {"an order goes from pending to paid to shipped", "ticket status goes new -> open -> closed",
      "only paid orders can be shipped"},
     "an order goes well"},
    {"S29",
     {"only admins can edit projects", "members should see only their own bookings",
      "only the manager can approve leave requests"},
     "admins have names"},
    {"S30",
     {"if the order is paid then paid_at must be set", "when the status is sent, sent_at is required",
      "if kind is company then vat_id must be given"},
     "if only we had time"},
    {"S31",
     {"one default address per customer", "only one active subscription per customer",
      "each customer has exactly one primary address"},
     "one customer per address"},
    {"S32",
     {"an invoice can not be changed after it is sent", "the number can never be changed", "audit rows are immutable"},
     "an invoice can be changed"},
    {"S33",
     {"amounts in several currencies", "prices of products are in multiple currencies",
      "times are shown in the user's time zone"},
     "currencies are fun"},
    {"S34",
     {"list events by city, newest first", "find customers by email", "search products by name and price"},
     "events happen in a city"},
    {"S35",
     {"the orders query is slow when filtering by status", "listing events by date is slow", "the search on customers is slow"},
     "the waiter is slow"},
    {"S36",
     {"we look up users by email 50 times per second", "find orders by number all the time", "list events by city 10 per second"},
     "we look up users by email"},
    {"S37",
     {"about 2000 orders per day", "we expect 5 million events per month", "the events table grows by 20% per year"},
     "orders arrive in the morning"},
    {"S38",
     {"top 10 sellers per month", "show the top 5 products by revenue", "the top 100 players by score this week"},
     "the sellers are on top"},
    {"S39",
     {"count orders per customer per month", "report of revenue per hotel per month", "sum amount per category per year"},
     "the orders count"},
    {"S40",
     {"list events by city within 20 ms", "find users by email in less than 50 ms", "up to 500 concurrent users"},
     "we met within a day"},
    {"S41",
     {"SELECT * FROM orders WHERE status = 'open';", "EXPLAIN SELECT id FROM users WHERE email = $1",
      "UPDATE users SET name = 'x' WHERE id = 1"},
     "select the best users"},
    {"S42",
     {"keep logs for 90 days", "delete sessions older than 30 days", "invoices must be kept for 10 years then archived"},
     "keep calm"},
    {"S43", {"the email is personal data", "salary is confidential", "diagnoses are sensitive"}, "the email is long"},
    {"S44",
     {"each company sees only its own data", "every tenant can only see their own records",
      "companies must not see each other's data"},
     "each company has a name"},
    {"S45",
     {"audit changes to orders", "log all changes of customers", "all changes to patient records must be audited"},
     "orders change"},
    {"S46",
     {"soft delete users", "deleted posts can be restored", "add soft delete to customers"},
     "delete posts older than 3 days"},
    {"S47", {"add tags to articles", "we need two factor authentication", "add email verification to users"}, "the tags are old"},
    {"S48",
     {"rename users.name to full_name", "rename the column phone to mobile", "rename customers to clients"},
     "the name is good"},
    {"S49",
     {"split address into street and city", "split full_name of customers into first_name and last_name",
      "move street, city from customers to addresses"},
     "we split up"},
    {"S50",
     {"merge customers and clients", "combine contacts with customers", "unify the tables leads and contacts"},
     "customers and clients are happy"},
    {"S51",
     {"change price to numeric", "make phone of customers required", "phone should be text not integer"},
     "change is good"},
    {"S52", {"drop the column fax from customers", "remove fax from customers", "get rid of the legacy table"}, "drop me a line"},
    {"S53",
     {"turn status into a lookup table", "convert kind of events into an enum", "make the category a lookup table"},
     "turn left"},
    {"S54",
     {"partition events by created_at", "add an index on orders(customer_id, created_at)", "create an index on status of orders"},
     "the index finger"},
    {"S55", {"seed 1000 users", "generate 50 sample orders", "create test data for customers"}, "we have 1000 users"},
    {"S56",
     {"why is orders partitioned?", "what if we delete a user?", "compare uuid with bigint"},
     "compared to others we are good"},
    {"S57", {"no comments table", "undo that", "without an addresses table"}, "nothing is impossible"},
    {"S58", {"use uuid keys", "we use postgres 15", "use singular table names"}, "use your head"},
    {"S59", {"review the orders table", "what is wrong with customers", "review my schema"}, "a review has a rating"},
    {"S60", {"document the schema", "draw an ER diagram", "document orders"}, "a document has a title"},
};

std::set<std::string> shapes_in(std::string_view text) {
  std::set<std::string> found;
  for (const auto& one : understand(text, known_schema()).statements) found.insert(one.shape);
  return found;
}

std::string listed(const std::set<std::string>& shapes) {
  return join({shapes.begin(), shapes.end()}, " ");
}

TEST(Shapes, EveryShapeHasWordings) {
  std::set<std::string_view> tested;
  for (const auto& one : kWordings) {
    tested.insert(one.shape);
    EXPECT_EQ(one.wordings.size(), 3U) << one.shape;
  }
  for (const auto& shape : shapes()) EXPECT_TRUE(tested.contains(shape.id)) << shape.id;
  EXPECT_EQ(shapes().size(), 60U);
}

TEST(Shapes, Wordings) {
  for (const auto& one : kWordings) {
    for (const auto wording : one.wordings) {
      const auto found = shapes_in(wording);
      EXPECT_TRUE(found.contains(std::string(one.shape))) << one.shape << ": " << wording << " -> " << listed(found);
    }
  }
}

TEST(Shapes, NearMisses) {
  for (const auto& one : kWordings) {
    const auto found = shapes_in(one.near_miss);
    EXPECT_FALSE(found.contains(std::string(one.shape))) << one.shape << ": " << one.near_miss << " -> " << listed(found);
  }
}

// The example that is shown for a shape must be one.
TEST(Shapes, ExamplesMatchTheirShape) {
  for (const auto& shape : shapes()) {
    auto example = replace_all(std::string(shape.example), "{X}", "order");
    example = replace_all(replace_all(replace_all(example, "{Y}", "customer"), "{A}", "price"), "{B}", "weight");
    const auto found = shapes_in(example);
    EXPECT_TRUE(found.contains(std::string(shape.id))) << shape.id << ": " << example << " -> " << listed(found);
  }
}

}  // namespace
}  // namespace pga::request
