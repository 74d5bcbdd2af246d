/* What a campaign says on standard error, under its command's name. */
#include <stdarg.h>
#include <stdio.h>

#include "sim/base/error.h"
#include "tools/campaign/private.h"

static void complain(const campaign *c, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));
static void complain(const campaign *c, const char *format, va_list arguments)
{
    fprintf(stderr, "%s: ", c->name);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
}

void campaign_complain(const campaign *c, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    complain(c, format, arguments);
    va_end(arguments);
}

int campaign_refuse(const campaign *c, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    complain(c, format, arguments);
    va_end(arguments);
    return SIM_E_INPUT;
}

void campaign_tell(campaign *c, const char *format, ...)
{
    va_list arguments;
    if (c->quiet || c->json)
        return;
    campaign_progress_end(&c->progress);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}
