package page

// text is what the page says in one language. Fields that JavaScript needs as well have JSON names; %s and {n} stand for figures.
type text struct {
	Lang string `json:"lang"`
	Name string `json:"-"` // of the language, in itself

	TitleWaiting string `json:"titleWaiting"`
	TitlePaused  string `json:"titlePaused"`
	TitleClosed  string `json:"titleClosed"`
	TitleDown    string `json:"titleDown"`
	TitleTurn    string `json:"titleTurn"`
	TitleOver    string `json:"titleOver"`
	TitleSold    string `json:"titleSold"`
	TitleEnded   string `json:"titleEnded"`
	TitleSoon    string `json:"titleSoon"` // before the opening
	TitleFull    string `json:"-"`

	LeadWaiting string `json:"leadWaiting"`
	LeadPaused  string `json:"leadPaused"`
	LeadClosed  string `json:"leadClosed"`
	LeadDown    string `json:"leadDown"`
	LeadDownNew string `json:"-"` // without a place that could be kept
	LeadLost    string `json:"-"`
	LeadTurn    string `json:"leadTurn"`
	LeadOver    string `json:"leadOver"`
	LeadNew     string `json:"leadNew"` // superseded
	LeadSold    string `json:"leadSold"`
	LeadEnded   string `json:"leadEnded"`
	LeadSoon    string `json:"leadSoon"`
	LeadFull    string `json:"-"`

	Ahead     string `json:"-"`
	Number    string `json:"-"`
	Wait      string `json:"-"`
	Opens     string `json:"-"`
	Progress  string `json:"-"`
	Message   string `json:"-"`
	Kept      string `json:"-"`
	Receipt   string `json:"-"`
	Leave     string `json:"-"`
	LeaveSure string `json:"leaveSure"`
	Again     string `json:"again"`
	NoScript  string `json:"-"`
	Languages string `json:"-"`
	Post      string `json:"-"`

	WaitUnknown string `json:"waitUnknown"`
	WaitSoon    string `json:"waitSoon"`
	Minutes     string `json:"minutes"`   // {a}
	MinutesTo   string `json:"minutesTo"` // {a}, {b}
	HoursTo     string `json:"hoursTo"`   // {a}, {b}
	Announce    string `json:"announce"`  // {n}

	// Replaced explains, by the type of the error, why an earlier place no longer counts.
	Replaced map[string]string `json:"-"`
}

// texts are the languages, the default first.
var texts = []text{korean, english, japanese}

var korean = text{
	Lang: "ko", Name: "한국어",
	TitleWaiting: "순서를 기다리고 있어요", TitlePaused: "입장이 잠시 멈췄어요", TitleClosed: "대기실이 닫혔어요",
	TitleDown: "대기열에 연결하는 중이에요", TitleTurn: "입장할 차례예요", TitleOver: "대기 순서가 끝났어요",
	TitleSold: "모두 매진되었어요", TitleEnded: "대기가 종료되었어요", TitleSoon: "곧 시작합니다", TitleFull: "지금은 자리가 없어요",
	LeadWaiting: "온 순서대로 입장합니다. 차례가 되면 이 화면이 저절로 넘어갑니다.",
	LeadPaused:  "지금은 아무도 입장하지 않습니다. 순서는 그대로 유지되며, 다시 시작되면 이어서 입장합니다.",
	LeadClosed:  "지금은 새로 입장할 수 없습니다. 다시 열리면 이 화면이 저절로 바뀝니다.",
	LeadDown:    "잠시 대기열에 연결할 수 없습니다. 순서는 그대로 유지되니 이 화면을 열어 두세요. 계속 다시 시도합니다.",
	LeadDownNew: "잠시 대기열에 연결할 수 없습니다. 다시 연결되면 바로 순서를 드릴게요.",
	LeadLost:    "대기열을 복구하고 있습니다. 복구될 때까지는 아무도 입장하지 않습니다.",
	LeadTurn:    "좌석 화면으로 이동합니다.",
	LeadOver:    "오래 자리를 비웠거나 이용 시간이 끝나 순서가 만료되었습니다. 새 순서를 받아 다시 기다릴 수 있어요.",
	LeadNew:     "대기열이 새로 시작되었습니다. 새 순서를 받아 주세요.",
	LeadSold:    "준비된 좌석이 모두 판매되어 대기가 끝났습니다. 기다려 주셔서 고맙습니다.",
	LeadEnded:   "이번 판매의 대기가 끝나 더 입장할 수 없습니다. 기다려 주셔서 고맙습니다.",
	LeadSoon:    "아직 열리지 않았어요. 번호는 받아 두었으니 이 화면을 열어 두세요. 시작되면 저절로 이어집니다.",
	LeadFull:    "지금은 들어갈 수 없고, 대기 번호도 드리지 않습니다. 이 화면이 저절로 다시 시도합니다.",
	Ahead:       "내 앞 대기 인원", Number: "내 번호", Wait: "예상 대기 시간", Opens: "시작 시각", Progress: "대기 진행 정도", Message: "안내 말씀",
	Kept: "창을 닫았다 다시 열거나 새로고침해도 순서는 유지됩니다.", Receipt: "순서 확인증", Leave: "대기 그만두기",
	LeaveSure: "대기를 그만두면 순서를 잃습니다. 그만둘까요?", Again: "새 순서 받기",
	NoScript: "이 화면은 {n}초마다 저절로 새로고침됩니다.", Languages: "언어", Post: "차례가 되기 전에 보낸 예약·결제 요청은 처리되지 않습니다.",
	WaitUnknown: "지금은 알 수 없음", WaitSoon: "1분 이내", Minutes: "약 {a}분", MinutesTo: "{a}–{b}분", HoursTo: "{a}–{b}시간",
	Announce: "내 앞에 {n}명이 있습니다.",
	Replaced: map[string]string{
		"ticket-superseded": "대기열이 새로 시작되어 새 번호를 드렸습니다.",
		"ticket-expired":    "오래 자리를 비워 이전 순서가 만료되었습니다. 새 번호를 드렸습니다.",
		"ticket-passed":     "이전 이용 시간이 끝났습니다. 새 번호를 드렸습니다.",
		"":                  "이전 순서를 확인할 수 없어 새 번호를 드렸습니다.",
	},
}

var english = text{
	Lang: "en", Name: "English",
	TitleWaiting: "You are in line", TitlePaused: "The line is paused", TitleClosed: "The waiting room is closed",
	TitleDown: "Reaching for the line", TitleTurn: "It is your turn", TitleOver: "Your place has ended",
	TitleSold: "Everything is sold", TitleEnded: "The line has ended", TitleSoon: "Opening soon", TitleFull: "Full just now",
	LeadWaiting: "Everyone goes in by order of arrival. This page moves on by itself when it is your turn.",
	LeadPaused:  "Nobody is being let in just now. Your place is kept, and the line goes on where it stopped.",
	LeadClosed:  "Nobody can come in at the moment. This page changes by itself when the room opens.",
	LeadDown:    "The line cannot be reached for a moment. Your place is kept; leave this page open, we keep trying.",
	LeadDownNew: "The line cannot be reached for a moment. You get a place as soon as it answers.",
	LeadLost:    "The line is being restored. Until then nobody is let in.",
	LeadTurn:    "Taking you to the seats.",
	LeadOver:    "You were away for too long, or your time was up. You can take a new place and wait again.",
	LeadNew:     "The line was started anew. Please take a new place.",
	LeadSold:    "Everything has been sold, so the line has ended. Thank you for waiting.",
	LeadEnded:   "The line for this sale is over and nobody else goes in. Thank you for waiting.",
	LeadSoon:    "The room is not open yet. You have your number; leave this page open, it goes on by itself.",
	LeadFull:    "There is no room at the moment, and nobody is put in line. This page tries again by itself.",
	Ahead:       "people ahead of you", Number: "Your number", Wait: "Expected wait", Opens: "Opens", Progress: "How far the line has come", Message: "From the organiser",
	Kept: "Your place is kept when you reload this page or come back to it.", Receipt: "Receipt for your place", Leave: "Leave the line",
	LeaveSure: "If you leave, your place is lost. Leave the line?", Again: "Take a new place",
	NoScript: "This page reloads by itself every {n} seconds.", Languages: "Language", Post: "A booking or payment sent before your turn is not carried out.",
	WaitUnknown: "not known just now", WaitSoon: "less than a minute", Minutes: "about {a} min", MinutesTo: "{a}–{b} min", HoursTo: "{a}–{b} hours",
	Announce: "{n} people are ahead of you.",
	Replaced: map[string]string{
		"ticket-superseded": "The line was started anew, so you have a new number.",
		"ticket-expired":    "You were away for too long and your earlier place has expired. You have a new number.",
		"ticket-passed":     "Your earlier visit is over. You have a new number.",
		"":                  "Your earlier place could not be confirmed, so you have a new number.",
	},
}

var japanese = text{
	Lang: "ja", Name: "日本語",
	TitleWaiting: "順番をお待ちください", TitlePaused: "入場を一時停止しています", TitleClosed: "待合室は閉まっています",
	TitleDown: "待ち列に接続しています", TitleTurn: "お客様の順番です", TitleOver: "お待ちの順番は終了しました",
	TitleSold: "完売しました", TitleEnded: "待ち列は終了しました", TitleSoon: "まもなく開始します", TitleFull: "ただいま満員です",
	LeadWaiting: "到着順にご案内します。順番になると、この画面は自動で切り替わります。",
	LeadPaused:  "ただいま入場を止めています。順番はそのまま保たれ、再開後に続きからご案内します。",
	LeadClosed:  "ただいま入場できません。再開すると、この画面は自動で切り替わります。",
	LeadDown:    "待ち列に一時的に接続できません。順番は保たれています。このままお待ちください。",
	LeadDownNew: "待ち列に一時的に接続できません。接続でき次第、順番をお取りします。",
	LeadLost:    "待ち列を復旧しています。復旧するまで、どなたも入場できません。",
	LeadTurn:    "座席の画面へ移動します。",
	LeadOver:    "長く離れていたか、ご利用時間が終わったため、順番が無効になりました。新しい順番を取ることができます。",
	LeadNew:     "待ち列が新しく始まりました。新しい順番をお取りください。",
	LeadSold:    "すべて販売済みのため、待ち列は終了しました。お待ちいただきありがとうございました。",
	LeadEnded:   "この販売の待ち列は終了し、これ以上ご入場いただけません。お待ちいただきありがとうございました。",
	LeadSoon:    "まだ開場していません。番号はお取りしました。この画面を開いたままお待ちください。開場すると自動で進みます。",
	LeadFull:    "ただいまご入場いただけず、順番もお取りしていません。この画面が自動で再度お試しします。",
	Ahead:       "人がお客様の前にお待ちです", Number: "お客様の番号", Wait: "待ち時間の目安", Opens: "開始時刻", Progress: "列の進み具合", Message: "主催者からのお知らせ",
	Kept: "再読み込みしても、画面を閉じて戻っても、順番は保たれます。", Receipt: "順番の証明書", Leave: "列を離れる",
	LeaveSure: "列を離れると順番を失います。離れますか?", Again: "新しい順番を取る",
	NoScript: "この画面は{n}秒ごとに自動で更新されます。", Languages: "言語", Post: "順番の前に送られた予約やお支払いは処理されません。",
	WaitUnknown: "ただいま不明", WaitSoon: "1分以内", Minutes: "約{a}分", MinutesTo: "{a}〜{b}分", HoursTo: "{a}〜{b}時間",
	Announce: "お客様の前に{n}人がお待ちです。",
	Replaced: map[string]string{
		"ticket-superseded": "待ち列が新しく始まったため、新しい番号になりました。",
		"ticket-expired":    "長く離れていたため以前の順番は無効になり、新しい番号になりました。",
		"ticket-passed":     "以前のご利用は終了しました。新しい番号になりました。",
		"":                  "以前の順番を確認できないため、新しい番号になりました。",
	},
}
