/// Amounts with a unit, as people write them.
enum Amount {
    /// "2 GB", "500MB", "16 GiB"; a number alone is bytes.
    static func bytes(_ text: String) -> Int? {
        let units: [(String, Double)] = [
            ("", 1), ("b", 1), ("kb", 1e3), ("mb", 1e6), ("gb", 1e9), ("tb", 1e12),
            ("kib", 1024), ("mib", 1_048_576), ("gib", 1_073_741_824),
        ]
        guard let value = value(text, units), value <= 1e18 else { return nil }
        return Int(value)
    }

    /// "90s", "20 min", "2h"; a number alone is seconds.
    static func seconds(_ text: String) -> Double? {
        value(
            text,
            [
                ("", 1), ("s", 1), ("m", 60), ("min", 60), ("h", 3600), ("d", 86_400),
            ])
    }

    private static func value(_ text: String, _ units: [(String, Double)]) -> Double? {
        let text = text.lowercased().filter { $0 != " " }
        let digits = text.prefix { $0.isNumber || $0 == "." }
        guard let number = Double(digits),
            let unit = units.first(where: { $0.0 == text.dropFirst(digits.count) })
        else { return nil }
        return number * unit.1
    }
}
