/* A calibration as people and programs read it: tables, JSON. */
#ifndef TOOLS_CALIBRATE_TELL_H
#define TOOLS_CALIBRATE_TELL_H

#include "models/study/calibrate/calibrate.h"

int calibrate_print(const calibrate_report *report, FILE *to);
int calibrate_print_json(const calibrate_report *report, FILE *to);

#endif
