/* The text as the YAML library gets it: piece by piece, with a watch on how far it reads ahead.
 *
 * The library keeps every token from a possible key on until it knows whether it is one; a bracket at the start of a
 * line makes the rest of the file wait, at 340 bytes a token. So reading stops when too much went by without an event
 * coming out. Comments and blank lines do not count. A text that is one flow map, as JSON is, would run into that for
 * no fault of its own: it is given to the library as the value of an extra key, where it can be no key itself. */
#ifndef SIM_DOCUMENT_FEED_H
#define SIM_DOCUMENT_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define SIM_FEED_KEY "x: "
enum { SIM_FEED_KEY_WIDTH = 3 };

typedef struct {
    const char *text;
    size_t length, at;
    size_t ahead;    /* bytes of content since the last event */
    bool stopped;    /* the limit was passed */
    bool wrapped;    /* the extra key stands before text[wrap_at] */
    size_t wrap_at;  /* before the first bracket */
    size_t key_left; /* bytes of the extra key still to be given */
    int wrap_line;   /* line of the bracket, from 1: columns there are shifted */
    enum { SIM_FEED_INDENTATION, SIM_FEED_COMMENT, SIM_FEED_CONTENT } state;
} sim_document_feed;

void sim_document_feed_init(sim_document_feed *feed, const char *text, size_t length);

/* The library's reading function; `user` is a sim_document_feed. */
ssize_t sim_document_feed_read(void *user, void *buffer, size_t room);

#endif
