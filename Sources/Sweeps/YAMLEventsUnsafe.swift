import CYaml

/// The events of a YAML text in turn, from libyaml, which Yams brings.
///
/// Yams itself puts events together to nodes before anybody may look: it expands aliases that are
/// keys without bound, and stops at the first map that has a key twice.
final class YAMLEvents {
    struct Position: Hashable {
        var line = 1
        var column = 1
    }

    struct Event {
        enum Kind {
            case alias(String)
            case scalar(String, style: Style, tag: String?)
            case sequenceStart(tag: String?)
            case mappingStart(tag: String?)
            /// Of a sequence, a mapping or a document.
            case end
            case documentStart
            case streamEnd
        }

        var kind: Kind
        var anchor: String?
        var start: Position
        /// How many characters of the text are behind it. Units: Unicode scalars.
        var endOffset: Int
    }

    enum Style {
        case plain
        case quoted
    }

    /// What libyaml says of a text that is not YAML.
    struct Failure: Error {
        var problem: String
        var position: Position
        var context: String?
        var contextPosition: Position
    }

    private var parser = yaml_parser_t()
    // libyaml keeps a pointer to the text.
    private let bytes: UnsafeMutableBufferPointer<UInt8>

    init(_ text: String) {
        let utf8 = Array(text.utf8)
        bytes = .allocate(capacity: max(1, utf8.count))
        _ = bytes.initialize(from: utf8)
        yaml_parser_initialize(&parser)
        yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(&parser, bytes.baseAddress, utf8.count)
    }

    deinit {
        yaml_parser_delete(&parser)
        bytes.deallocate()
    }

    /// The next event. Behind ``Event/Kind/streamEnd`` there is none.
    func next() throws(Failure) -> Event {
        var event = yaml_event_t()
        while true {
            guard yaml_parser_parse(&parser, &event) == 1 else { throw failure }
            if event.type == YAML_STREAM_START_EVENT { continue }
            break
        }
        defer { yaml_event_delete(&event) }
        let data = event.data
        var anchor: UnsafeMutablePointer<UInt8>?
        let kind: Event.Kind
        switch event.type {
        case YAML_ALIAS_EVENT:
            kind = .alias(Self.text(data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = data.scalar
            anchor = scalar.anchor
            let value = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            kind = .scalar(
                String(decoding: value, as: UTF8.self),
                style: scalar.quoted_implicit == 1 ? .quoted : .plain, tag: Self.text(scalar.tag))
        case YAML_SEQUENCE_START_EVENT:
            anchor = data.sequence_start.anchor
            kind = .sequenceStart(tag: Self.text(data.sequence_start.tag))
        case YAML_MAPPING_START_EVENT:
            anchor = data.mapping_start.anchor
            kind = .mappingStart(tag: Self.text(data.mapping_start.tag))
        case YAML_DOCUMENT_START_EVENT: kind = .documentStart
        case YAML_STREAM_END_EVENT, YAML_NO_EVENT: kind = .streamEnd
        default: kind = .end
        }
        return Event(
            kind: kind, anchor: Self.text(anchor), start: Self.position(event.start_mark),
            endOffset: event.end_mark.index)
    }

    private var failure: Failure {
        let isOfReader = parser.error == YAML_READER_ERROR
        return Failure(
            problem: parser.problem.map { String(cString: $0) } ?? "libyaml has no memory left",
            position: Self.position(isOfReader ? parser.mark : parser.problem_mark),
            context: parser.context.map { String(cString: $0) },
            contextPosition: Self.position(parser.context_mark))
    }

    private static func text(_ pointer: UnsafeMutablePointer<UInt8>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    private static func position(_ mark: yaml_mark_t) -> Position {
        Position(line: mark.line + 1, column: mark.column + 1)
    }
}
