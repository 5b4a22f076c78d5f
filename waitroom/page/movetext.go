package page

// moveText is what the pages of a move say in one language.
type moveText struct {
	TitleLink, LeadLink, LinkLabel, LinkOnce, LinkCode string
	TitleClaim, LeadClaim, Claim, ClaimOwn             string
	TitleFailed, Back                                  string

	// Failed says, by the type of the error, why a move does not work.
	Failed map[string]string
}

// moveTexts are the pages of a move by language.
var moveTexts = map[string]*moveText{
	"ko": {
		TitleLink: "다른 기기로 옮기기", LeadLink: "{n}번 순서를 옮길 기기로 아래 QR 코드를 찍거나 주소를 여세요. 옮기고 나면 이 기기에서는 더 이상 쓸 수 없습니다.",
		LinkLabel: "옮길 주소", LinkOnce: "5분 동안 한 번만 쓸 수 있습니다. 이 주소를 가진 사람이 순서를 가져가니 다른 사람에게 알리지 마세요.", LinkCode: "주소의 QR 코드",
		TitleClaim: "순서를 이 기기로 옮길까요?", LeadClaim: "{n}번 순서가 이 기기로 옮겨지고, 원래 기기에서는 끝납니다.",
		Claim: "이 기기로 옮기기", ClaimOwn: "이 기기에 이미 순서가 있다면 옮겨 온 순서로 바뀝니다.",
		TitleFailed: "옮길 수 없어요", Back: "돌아가기",
		Failed: map[string]string{
			"move-spent":       "이미 쓰였거나 시간이 지난 주소입니다. 순서가 있는 기기에서 새 주소를 만들어 주세요.",
			"place-served":     "이미 차례가 왔거나 그만둔 순서입니다. 차례가 온 기기에서 계속해 주세요.",
			"move-limit":       "한 순서는 세 번까지만 옮길 수 있습니다.",
			"ticket-moved":     "순서가 이미 다른 기기로 옮겨졌습니다.",
			"line-unavailable": "잠시 대기열에 연결할 수 없습니다. 순서는 그대로 유지되니 잠시 뒤 다시 시도해 주세요.",
			"":                 "지금은 옮길 수 없습니다. 잠시 뒤 다시 시도해 주세요.",
		},
	},
	"en": {
		TitleLink: "Move to another device", LeadLink: "Scan this code with the device that number {n} shall move to, or open the address there. This device cannot use the place afterwards.",
		LinkLabel: "Address to open", LinkOnce: "It works once, for five minutes. Whoever has it takes the place, so show it to nobody else.", LinkCode: "QR code of the address",
		TitleClaim: "Move the place to this device?", LeadClaim: "Number {n} moves to this device, and ends on the one where it was.",
		Claim: "Move it here", ClaimOwn: "A place that this device already has is replaced by it.",
		TitleFailed: "This cannot be moved", Back: "Go back",
		Failed: map[string]string{
			"move-spent":       "The address was used already or has run out. Make a new one on the device that has the place.",
			"place-served":     "The place has had its turn, or was given up. Go on with the device whose turn it is.",
			"move-limit":       "A place can be moved three times at most.",
			"ticket-moved":     "The place is on another device already.",
			"line-unavailable": "The line cannot be reached for a moment. The place is kept; try again shortly.",
			"":                 "It cannot be moved just now. Try again shortly.",
		},
	},
	"ja": {
		TitleLink: "別の端末に移す", LeadLink: "{n}番の順番を移す端末で、次のQRコードを読み取るか、アドレスを開いてください。移したあと、この端末では使えなくなります。",
		LinkLabel: "開くアドレス", LinkOnce: "5分間、一度だけ使えます。このアドレスを知る人が順番を受け取るため、ほかの人に見せないでください。", LinkCode: "アドレスのQRコード",
		TitleClaim: "順番をこの端末に移しますか？", LeadClaim: "{n}番の順番がこの端末に移り、元の端末では終了します。",
		Claim: "この端末に移す", ClaimOwn: "この端末にすでに順番がある場合は、移した順番に置き換わります。",
		TitleFailed: "移すことができません", Back: "戻る",
		Failed: map[string]string{
			"move-spent":       "使用済みか、期限切れのアドレスです。順番のある端末で新しいアドレスを作ってください。",
			"place-served":     "すでに順番が来たか、取りやめた順番です。順番が来た端末で続けてください。",
			"move-limit":       "順番を移せるのは三回までです。",
			"ticket-moved":     "順番はすでに別の端末に移っています。",
			"line-unavailable": "待ち列に一時的に接続できません。順番は保たれています。しばらくしてからもう一度お試しください。",
			"":                 "ただいま移すことができません。しばらくしてからもう一度お試しください。",
		},
	},
}
