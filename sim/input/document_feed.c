#include "sim/input/document_feed.h"

#include <string.h>

#include "sim/input/document.h"

enum { PIECE = 4096 };

/* Finds a flow map as the first content of the text. */
static void find_wrap(sim_document_feed *feed)
{
    bool comment = false;
    int line = 1;
    for (size_t i = 0; i < feed->length; i++) {
        char c = feed->text[i];
        if (c == '\n') {
            comment = false;
            line++;
        } else if (c == '#') {
            comment = true;
        } else if (!comment && c != ' ' && c != '\r') {
            feed->wrapped = c == '{';
            feed->wrap_at = i;
            feed->wrap_line = line;
            feed->key_left = feed->wrapped ? SIM_FEED_KEY_WIDTH : 0;
            return;
        }
    }
}

void sim_document_feed_init(sim_document_feed *feed, const char *text, size_t length)
{
    *feed = (sim_document_feed){.text = text, .length = length};
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        feed->text += 3;
        feed->length -= 3;
    }
    find_wrap(feed);
}

static void count(sim_document_feed *feed, const char *piece, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        char c = piece[i];
        if (c == '\n')
            feed->state = SIM_FEED_INDENTATION;
        else if (feed->state == SIM_FEED_INDENTATION && c != ' ' && c != '\r')
            feed->state = c == '#' ? SIM_FEED_COMMENT : SIM_FEED_CONTENT;
        feed->ahead += feed->state == SIM_FEED_CONTENT;
    }
}

ssize_t sim_document_feed_read(void *user, void *buffer, size_t room)
{
    sim_document_feed *feed = user;
    if (feed->ahead > SIM_DOCUMENT_LOOKAHEAD) {
        feed->stopped = true;
        return 0;
    }
    if (feed->key_left > 0 && feed->at == feed->wrap_at) {
        size_t n = feed->key_left < room ? feed->key_left : room;
        memcpy(buffer, &SIM_FEED_KEY[SIM_FEED_KEY_WIDTH - feed->key_left], n);
        feed->key_left -= n;
        return (ssize_t)n;
    }
    size_t end = feed->key_left > 0 ? feed->wrap_at : feed->length;
    size_t n = end - feed->at;
    if (n > room)
        n = room;
    if (n > PIECE)
        n = PIECE;
    memcpy(buffer, feed->text + feed->at, n);
    count(feed, feed->text + feed->at, n);
    feed->at += n;
    return (ssize_t)n;
}
