/** What travels as JSON. */
record Order(String item, int count) {}
