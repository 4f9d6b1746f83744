import Sweeps
import Testing

@Suite("Values in words")
struct SettingWordTests {
    @Test(
        "a subset is none, all or the names of its options",
        arguments: [
            ([], "none"),
            (["channel_swap", "mixup", "random_resized_crop", "channel_drop"], "all"),
            (["channel_swap", "channel_drop"], "ChannelSwap + ChannelDrop"),
        ] as [([String], String)])
    func subsets(options: [String], words: String) throws {
        let setting = try #require(
            exampleSchema.trial.first { if case .subset = $0.kind { true } else { false } })
        #expect(setting.words(for: .list(options.map { .text($0) })) == words)
    }

    @Test("a number is itself, with the unit where it has one")
    func numbers() throws {
        for setting in exampleSchema.trial where setting.unit != nil {
            #expect(setting.words(for: .number(2)) == "2 \(setting.unit ?? "")")
        }
        let plain = try #require(exampleSchema.trial.first { $0.key == "temperature" })
        #expect(plain.words(for: .number(0.05)) == "0.05")
    }
}
