/// Text for HTML.
enum HTMLText {
    /// Safe between tags and within quoted attributes.
    static func escape(_ text: String) -> String {
        var escaped = ""
        for scalar in PlainText.oneLine(text).unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
