/// How many of something, in words.
public enum Count {
    /// "1 trial", "3 trials", "0 trials".
    ///
    /// - Parameter plural: where it is more than an s: "matches".
    public static func text(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
        "\(count) \(word(count, noun, plural))"
    }

    /// "trial" or "trials", for a number that stands elsewhere.
    public static func word(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
        count == 1 ? noun : plural ?? noun + "s"
    }
}
