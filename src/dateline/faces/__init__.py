"""Where people meet Dateline: the command line now, HTTP and web pages later. Faces hold no rules of their own."""
