// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Names are those of attune.h.

import AttuneCore
public import CAttune
import CGuard

@c @implementation
public func attune_set_log(
  _ fn: attune_log_fn!, _ min_level: attune_log_level, _ user_data: UnsafeMutableRawPointer!,
  _ destroy: attune_destroy_fn!
) {
  let data = UserData(user_data, destroy)
  if Fork.isChild { return }
  Fork.watch()
  let level = LogLevel(rawValue: min(max(min_level, 0), LogLevel.off.rawValue)) ?? .off
  guard let fn else { return Logger.setSink(minimum: level, nil) }
  Logger.setSink(minimum: level) { level, component, message in
    // An exception ends here: there is no place to report the failure of the report to.
    _ = guarded { attune_guard_log(fn, level.rawValue, component, message, data.pointer, $0) }
  }
}
