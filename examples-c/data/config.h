/* config.h - the configuration of an example plugin: one flat JSON object of strings and integers.
 *
 *   char data[512] = "wine.csv";
 *   int folds = 5;
 *   const struct config_field fields[] = {
 *     {"data", data, sizeof data, NULL, 0, 0},
 *     {"folds", NULL, 0, &folds, 2, 20},
 *   };
 *   if (config_read(config_json, fields, 2, error, sizeof error) != 0) ... error has the reason
 *
 * A key that is absent leaves its variable as it was; a key that no field names is an error.
 */
#ifndef EXAMPLES_CONFIG_H
#define EXAMPLES_CONFIG_H

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct config_field {
  const char *key;
  char *text;  /* a string goes here ...              */
  size_t size; /* ... with its zero byte; or          */
  int *integer; /* ... an integer goes here, within    */
  int low, high;
};

static inline const char *config_skip(const char *at) { return at + strspn(at, " \t\r\n"); }

/* Reads a string with its quotes; returns the place behind it, or NULL. */
static inline const char *config_string(const char *at, char *out, size_t size) {
  size_t n = 0;
  if (*at++ != '"') return NULL;
  while (*at != '"') {
    char c = *at++;
    if ((unsigned char)c < 0x20) return NULL;
    if (c == '\\') {
      /* \b, \f, \n, \r, \t and \u have no place in a file name or a word. */
      if (*at != '"' && *at != '\\' && *at != '/') return NULL;
      c = *at++;
    }
    if (n + 1 >= size) return NULL;
    out[n++] = c;
  }
  out[n] = '\0';
  return at + 1;
}

static inline const char *config_value(const char *at, const struct config_field *field, char *error, size_t size) {
  if (field->text) {
    const char *end = config_string(at, field->text, field->size);
    if (!end) snprintf(error, size, "config: \"%s\" wants a string below %zu bytes", field->key, field->size);
    return end;
  }
  char *end;
  errno = 0;
  long value = strtol(at, &end, 10);
  if (end == at || errno != 0 || strchr(".eE", *end) || value < field->low || value > field->high) {
    snprintf(error, size, "config: \"%s\" is %.*s, wanted an integer in %d ... %d", field->key,
             (int)strcspn(at, ",} \t\r\n"), at, field->low, field->high);
    return NULL;
  }
  *field->integer = (int)value;
  return end;
}

static inline const struct config_field *config_find(const struct config_field *fields, size_t n_fields,
                                                     const char *key, char *error, size_t size) {
  for (size_t i = 0; i < n_fields; i++) {
    if (strcmp(fields[i].key, key) == 0) return &fields[i];
  }
  int used = snprintf(error, size, "config: unknown key \"%s\", wanted one of", key);
  for (size_t i = 0; i < n_fields && used > 0 && (size_t)used < size; i++) {
    used += snprintf(error + used, size - (size_t)used, "%s %s", i ? "," : "", fields[i].key);
  }
  return NULL;
}

/* Reads config_json (NULL or blank: nothing) into the fields. Returns 0, or -1 with the reason in error. */
static inline int config_read(const char *config_json, const struct config_field *fields, size_t n_fields,
                              char *error, size_t size) {
  char key[64];
  const char *at = config_skip(config_json ? config_json : "");
  if (*at == '\0') return 0;
  if (*at != '{') {
    snprintf(error, size, "config: wanted a JSON object, found \"%.40s\"", at);
    return -1;
  }
  at = config_skip(at + 1);
  while (*at != '}') {
    const char *colon = config_string(at, key, sizeof key);
    if (!colon || *(colon = config_skip(colon)) != ':') {
      snprintf(error, size, "config: wanted \"key\": value, found \"%.40s\"", at);
      return -1;
    }
    const struct config_field *field = config_find(fields, n_fields, key, error, size);
    if (!field) return -1;
    at = config_value(config_skip(colon + 1), field, error, size);
    if (!at) return -1;
    at = config_skip(at);
    const char *next = config_skip(at + (*at == ','));
    if (*at != '}' && (*at != ',' || *next != '"')) {
      snprintf(error, size, "config: wanted , or } after \"%s\"", key);
      return -1;
    }
    at = next;
  }
  if (*config_skip(at + 1) != '\0') {
    snprintf(error, size, "config: text behind the object");
    return -1;
  }
  return 0;
}

#endif /* EXAMPLES_CONFIG_H */
