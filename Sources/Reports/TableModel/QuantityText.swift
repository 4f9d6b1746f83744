/// Amounts as a person reads them.
public enum QuantityText {
    /// "3 MB", "1.2 GB"
    public static func bytes(_ count: Int) -> String {
        let megabytes = Double(count) / 1e6
        if megabytes < 1000 { return "\(Int(megabytes.rounded(.up))) MB" }
        return "\((megabytes / 100).rounded() / 10) GB"
    }

    /// "0.4 s", "12 s", "3 min 20 s", "2 h 5 min"
    public static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite else { return "an unknown time" }
        if seconds < 9.95 { return "\((seconds * 10).rounded() / 10) s" }
        let whole = Int(seconds.rounded())
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole % 3600 / 60) min"
    }
}
