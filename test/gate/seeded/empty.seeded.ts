// A file of tests without a test.
