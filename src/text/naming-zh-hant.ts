import type { Texts } from './texts.ts';

export const namingZhHant: Texts['naming'] = {
  lead: '沒有標註？就用文字替單元命名：找出最符合它反應最強的那些圖、又比符合其他單元更多的字詞。',
  start: '在左邊選一層和圖片，再替單元命名。',
  words: '候選字詞',
  wordsHint: '以逗號分隔；自備的清單可以有 20,000 個。留空就用手繪場景的標籤。',
  list: '字詞清單…',
  listNow: ({ name, count }) => `${name}：${count} 個字詞`,
  listAgain: ({ name }) => `這個連結用的是清單「${name}」。請再開啟一次，或改用欄位裡的字詞。`,
  listNone: '改用欄位裡的字詞',
  judge: '由誰比對圖片與字詞',
  own: '模型自己',
  run: '替單元命名',
  doing: ({ done, total }) => `第 ${done} 張，共 ${total} 張`,
  recipe: ({ images, top, words, judge }) =>
    `CLIP-Dissect（SoftWPMI），${words} 個字詞、${images} 張圖，每個單元看它最強的 ${top} 張；由 ${judge} 比對`,
  count: ({ shown, total, above }) => `${total} 個單元中的 ${shown} 個，${above} 個高於隨機`,
  unknown: ({ judge, words }) => `${judge} 不認得這些字詞，已略過：${words}。`,
  table: '單元與它們的字詞',
  word: '字詞',
  score: '分數',
  next: '其次的字詞',
  masks: '依遮罩',
  above: '只看高於隨機的',
  hint: ({ chance }) =>
    `分數：單元與字詞的逐點互資訊，單位是奈特（nat）；0 表示這個字詞並不比符合其他單元更符合它。隨機抽同樣多張圖，20 次裡有 1 次會到 ${chance}；低於這個值的名字以淡色顯示。`,
  masksHint: '依遮罩：同一層的解剖找到的標籤（如果解剖過）。',
  unitNamed: ({ concept, score }) => `${concept}，${score} 奈特`,
  unitNext: ({ words }) => `其次是 ${words}`,
  unitHint: '平均活化值最高的圖片，活化值畫在圖上。',
  toWords: '這些圖片沒有標籤，無法照標籤解剖；可以改用文字替單元命名。',
  toWordsButton: '用文字命名',
};
