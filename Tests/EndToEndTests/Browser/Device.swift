import Jobs

/// What somebody sits before, and how it is set.
struct Device: Sendable, CustomStringConvertible {
    var width = 1280
    var height = 900
    var isPhone = false
    var isDark = false
    var movesLess = false
    var hasScript = true
    /// As `Accept-Language` has them, without weights: `zh-CN,zh`.
    var languages = "en"
    var timeZone = "UTC"
    /// `screen` or `print`.
    var medium = "screen"

    static let desk = Device()
    static let scriptless = Device(hasScript: false)
    static let chinese = Device(languages: "zh-CN,zh", timeZone: "Asia/Shanghai")
    static let phone = Device(width: 390, height: 844, isPhone: true)
    static let darkPhone = Device(width: 390, height: 844, isPhone: true, isDark: true)

    var description: String {
        let words: [String?] = [
            isPhone ? "phone" : "desk", "\(width)", isDark ? "dark" : nil, hasScript ? nil : "scriptless",
            languages == "en" ? nil : languages, medium == "screen" ? nil : medium,
        ]
        return words.compactMap(\.self).joined(separator: "-")
    }

    /// The commands of Chromium's DevTools protocol that make a window such a device.
    ///
    /// - Parameter userAgent: The name that the browser gives itself, since it cannot be told the languages alone.
    func commands(userAgent: String) -> [(name: String, parameters: JSONValue)] {
        let features: JSONValue = [
            ["name": "prefers-color-scheme", "value": .string(isDark ? "dark" : "light")],
            ["name": "prefers-reduced-motion", "value": .string(movesLess ? "reduce" : "no-preference")],
        ]
        return [
            (
                "Emulation.setDeviceMetricsOverride",
                [
                    "width": .number(Double(width)), "height": .number(Double(height)), "deviceScaleFactor": 1, "mobile": .bool(isPhone),
                ]
            ),
            ("Emulation.setEmulatedMedia", ["media": .string(medium), "features": features]),
            ("Emulation.setTimezoneOverride", ["timezoneId": .string(timeZone)]),
            ("Emulation.setUserAgentOverride", ["userAgent": .string(userAgent), "acceptLanguage": .string(languages)]),
            ("Emulation.setScriptExecutionDisabled", ["value": .bool(!hasScript)]),
        ]
    }
}
