/* The library names its version, its ABI and its build. */
#include "check.h"

int main(void) {
  char number[32];
  const char *info = attune_build_info();
  CHECK_INT(attune_version(), ATTUNE_VERSION_NUMBER);
  CHECK_INT(ATTUNE_VERSION_NUMBER, ATTUNE_VERSION_MAJOR * 1000000 + ATTUNE_VERSION_MINOR * 1000 + ATTUNE_VERSION_PATCH);
  CHECK_INT(attune_abi_version(), ATTUNE_ABI_VERSION);

  snprintf(number, sizeof number, "%d.%d.%d", ATTUNE_VERSION_MAJOR, ATTUNE_VERSION_MINOR, ATTUNE_VERSION_PATCH);
  CHECK_HAS(attune_version_string(), number);
  CHECK(strncmp(attune_version_string(), number, strlen(number)) == 0);
  CHECK(attune_version_string() == attune_version_string());

  CHECK(info != NULL && info[0] == '{' && info[strlen(info) - 1] == '}');
  CHECK(attune_build_info() == info);
  CHECK_JSON(info, "\"strategies\":[");
  CHECK_JSON(info, "\"storages\":[");
  CHECK_JSON(info, "\"compiler\":");
  CHECK_JSON(info, "\"features\":");
  CHECK_HAS(info, "sobol");
  CHECK_HAS(info, "bayesian");
  CHECK_HAS(info, "sqlite");

  attune_string_free(NULL);
  return check_done();
}
