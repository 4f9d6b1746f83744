/// Words for a shell.
package enum ShellWord {
    /// A word as a shell reads it back: bare where it can be.
    package static func quoted(_ word: String) -> String {
        let isBare = word.unicodeScalars.allSatisfy {
            ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
                || "_-+=./:,@%".unicodeScalars.contains($0)
        }
        return isBare && !word.isEmpty ? word : "'\(word.replacing("'", with: #"'\''"#))'"
    }

    /// The words of a line that was put together of ``quoted(_:)`` words.
    package static func words(_ line: String) -> [String] {
        var words: [String] = []
        var word: String?
        var isQuoted = false
        var isEscaped = false
        for character in line {
            if isQuoted, character != "'" {
                word?.append(character)
            } else if isEscaped {
                word?.append(character)
                isEscaped = false
            } else if character == "'" {
                isQuoted.toggle()
                word = word ?? ""
            } else if character == "\\" {
                isEscaped = true
                word = word ?? ""
            } else if character == " " {
                if let whole = word { words.append(whole) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        return words + (word.map { [$0] } ?? [])
    }
}
