/** What the YAML checker says in English, as patterns, and the same in Korean; $1 … stand for what is in the message. */
const korean: readonly (readonly [pattern: RegExp, korean: string])[] = [
  // against the schema
  [/^Property (.+) is not allowed\.$/, '이 자리에 없는 필드입니다: $1'],
  [/^Missing property "(.+)"\.$/, '필수 필드가 없습니다: $1'],
  [/^Incorrect type\. Expected one of (.+)\.$/, '타입이 다릅니다. 다음 중 하나여야 합니다: $1'],
  [/^Incorrect type\. Expected "(.+)"\.$/, '타입이 다릅니다. 다음이어야 합니다: $1'],
  [/^Value is not accepted\. Valid values: (.+)\.$/, '쓸 수 없는 값입니다. 쓸 수 있는 값: $1'],
  [/^Value must be (.+)\.$/, '값은 다음이어야 합니다: $1'],
  // quotes, brackets, indentation
  [/^Missing closing (["'])quote$/, '닫는 따옴표가 없습니다: $1'],
  [/^Missing , between (?:flow )?(map|sequence|collection) items$/, '항목 사이에 쉼표가 없습니다'],
  [/^Missing , or : between .+ items$/, '항목 사이에 쉼표나 쌍점이 없습니다'],
  [/^Missing space after : in .+$/, '쌍점 뒤에 빈칸이 없습니다'],
  [/^Implicit map keys need to be followed by map values$/, '키 뒤에 쌍점과 값이 없습니다'],
  [/^Implicit keys (?:of flow sequence pairs )?need to be on a single line$/, '키는 한 줄에 적어야 합니다'],
  [/^Nested mappings are not allowed in compact mappings$/, '한 줄에 쌍점을 두 번 쓸 수 없습니다. 값에 쌍점이 있으면 따옴표로 감쌉니다'],
  [/^A block sequence may not be used as an implicit map key$/, '목록을 키로 쓸 수 없습니다'],
  [/^All mapping items must start at the same column$/, '같은 수준의 키는 같은 칸에서 시작해야 합니다'],
  [/^All sequence items must start at the same column$/, '같은 목록의 항목은 같은 칸에서 시작해야 합니다'],
  [/^Sequence item without - indicator$/, '목록의 항목이 -로 시작하지 않습니다'],
  [/^Block collections are not allowed within flow collections$/, '괄호 안에는 여러 줄 형식의 목록이나 키를 쓸 수 없습니다'],
  [/^Block scalar lines must not be less indented than .+$/, '여러 줄 글자의 들여쓰기가 첫 줄보다 얕습니다'],
  [/^Block scalar values in collections must be indented$/, '여러 줄 글자는 들여써야 합니다'],
  [/^Block scalars with more-indented leading empty lines .+$/, '여러 줄 글자의 앞쪽 빈 줄이 첫 줄보다 깊게 들여쓰였습니다'],
  [/^Block scalar header includes extra characters: (.+)$/, '|나 > 뒤에 다른 글자가 있습니다: $1'],
  [/^Flow end indicator should be more indented than parent$/, '닫는 괄호를 더 들여써야 합니다'],
  [/^Flow (map|sequence) in block collection must be .*indented.*$/, '괄호로 적은 값을 더 들여써야 합니다'],
  [/^Tabs are not allowed as indentation$/, '들여쓰기에 탭을 쓸 수 없습니다. 빈칸을 씁니다'],
  [/^Map keys must be unique$/, '같은 키가 두 번 있습니다'],
  [/^Plain value cannot start with (.+)$/, '따옴표 없는 값은 다음으로 시작할 수 없습니다: $1'],
  [/^Comments must be separated from other tokens by white space characters$/, '주석 앞에 빈칸이 있어야 합니다'],
  [/^Expected (?:flow )?(map|sequence|collection) to end with (.+)$/, '닫는 괄호가 없습니다: $2'],
  [/^.*to end with (.)$/, '닫는 괄호가 없습니다: $1'],
  [/^Invalid escape sequence (.+)$/, '큰따옴표 안에서 쓸 수 없는 이스케이프입니다: $1'],
  [/^Unexpected (.+) token$/, '여기에 올 수 없는 것입니다: $1'],
  [/^Unexpected (.+) (?:in|at) .+$/, '여기에 올 수 없는 것입니다: $1'],
  [/^Not a YAML token: (.+)$/, 'YAML이 아닙니다: $1'],
  // anchors, tags
  [/^Unresolved alias "(.+)"$/, '정의되지 않은 별칭입니다: $1'],
  [/^Unused anchor "(.+)"$/, '쓰이지 않는 앵커입니다: $1'],
  [/^Unresolved tag: (.+)$/, '모르는 태그입니다: $1'],
  [/^A node can have at most one (anchor|tag)$/, '값 하나에는 하나만 붙일 수 있습니다: $1'],
];

/** A message of the YAML checker in Korean; as it is where no translation is known. */
export function inKorean(message: string): string {
  const found = korean.find(([pattern]) => pattern.test(message));
  return found === undefined ? message : message.replace(...found);
}
