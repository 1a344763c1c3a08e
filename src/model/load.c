/* SPDX-License-Identifier: Apache-2.0 */
#include "model/load.h"

#include <math.h>
#include <stddef.h>

enum { FIRST_LOAD_BIT = 11, FIRST_TIME_BIT = 20 };

static size_t doublings(uint64_t value, unsigned first_bit)
{
    size_t n = 0;
    for (value >>= first_bit; value; value >>= 1)
        n++;
    return n;
}

static size_t row_of(uint64_t bytes)
{
    size_t row = doublings(bytes, FIRST_LOAD_BIT);
    return row < MODEL_LOAD_ROWS ? row : MODEL_LOAD_ROWS - 1;
}

/* Half a doubling is a factor of 1.41. */
static size_t column_of(int64_t round_trip_ns)
{
    uint64_t value = round_trip_ns < 0 ? 0 : (uint64_t)round_trip_ns;
    size_t n = doublings(value, FIRST_TIME_BIT);
    if (n == 0)
        return 0;
    uint64_t base = UINT64_C(1) << (FIRST_TIME_BIT + n - 1);
    size_t column = 2 * n - 1 + (value >= base + base * 41 / 100);
    return column < MODEL_LOAD_COLUMNS ? column : MODEL_LOAD_COLUMNS - 1;
}

static void halve(uint16_t cell[MODEL_LOAD_ROWS][MODEL_LOAD_COLUMNS])
{
    for (size_t r = 0; r < MODEL_LOAD_ROWS; r++)
        for (size_t c = 0; c < MODEL_LOAD_COLUMNS; c++)
            cell[r][c] /= 2;
}

void model_load_add(struct model_load *load, const uint64_t bytes[MODEL_LOAD_DIRECTIONS], int64_t round_trip_ns)
{
    load->seconds++;
    for (int d = 0; d < MODEL_LOAD_DIRECTIONS; d++) {
        uint16_t *cell = &load->cell[d][row_of(bytes[d])][column_of(round_trip_ns)];
        if (*cell == UINT16_MAX)
            halve(load->cell[d]);
        ++*cell;
    }
}

/* Counts become mean ranks, from the middle of all, doubled so that they are whole numbers. Returns the sum of their
 * squares over all seconds. */
static double rank(int64_t *counts, size_t n, int64_t all)
{
    double squares = 0;
    int64_t before = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t count = counts[i];
        counts[i] = 2 * before + count - all;
        before += count;
        squares += (double)count * (double)counts[i] * (double)counts[i];
    }
    return squares;
}

double model_load_correlation(const struct model_load *load, enum model_load_direction direction)
{
    const uint16_t(*cell)[MODEL_LOAD_COLUMNS] = load->cell[direction];
    int64_t rows[MODEL_LOAD_ROWS] = { 0 }, columns[MODEL_LOAD_COLUMNS] = { 0 }, all = 0;
    for (size_t r = 0; r < MODEL_LOAD_ROWS; r++)
        for (size_t c = 0; c < MODEL_LOAD_COLUMNS; c++) {
            rows[r] += cell[r][c];
            columns[c] += cell[r][c];
            all += cell[r][c];
        }
    double row_squares = rank(rows, MODEL_LOAD_ROWS, all), column_squares = rank(columns, MODEL_LOAD_COLUMNS, all);
    if (row_squares <= 0 || column_squares <= 0)
        return 0;
    double products = 0;
    for (size_t r = 0; r < MODEL_LOAD_ROWS; r++)
        for (size_t c = 0; c < MODEL_LOAD_COLUMNS; c++)
            products += (double)cell[r][c] * (double)rows[r] * (double)columns[c];
    return products / sqrt(row_squares * column_squares);
}
