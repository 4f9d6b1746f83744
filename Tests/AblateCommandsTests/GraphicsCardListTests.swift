import AblateCommands
import Testing

@Suite("--gpus")
struct GraphicsCardListTests {
    @Test(
        "numbers and names of cards are taken",
        arguments: [
            ("0", ["0"]), ("0,1", ["0", "1"]), ("3, 12", ["3", "12"]),
            (
                "GPU-8932f937-d72c-4106-c12f-20bd9faed9f6",
                ["GPU-8932f937-d72c-4106-c12f-20bd9faed9f6"]
            ), ("MIG-GPU-8932f937/1/2,MIG-41b3", ["MIG-GPU-8932f937/1/2", "MIG-41b3"]),
        ])
    func taken(text: String, names: [String]) {
        #expect(GraphicsCardList(text)?.names == names)
    }

    @Test(
        "doubles, negative numbers and other words are not",
        arguments: [
            "", "0,0", "-1", "abc", "0,", ",1", "00", "1.5", "GPU-", "GPU-a b", "GPU-1,GPU-1",
        ])
    func refused(text: String) {
        #expect(GraphicsCardList(text) == nil)
    }
}
