/* Names in the results of a sweep, for who writes and who reads them. */
#ifndef MODEL_STUDY_SWEEP_NAMES_H
#define MODEL_STUDY_SWEEP_NAMES_H

/* Attributes of the results with a line for each factor or figure; words of a list with tabs between them, "" for
 * numbers. */
#define SWEEP_FACTOR_UNITS "factor_units"
#define SWEEP_FACTOR_WORDS "factor_words"
#define SWEEP_FIGURE_UNITS "figure_units"

#endif
