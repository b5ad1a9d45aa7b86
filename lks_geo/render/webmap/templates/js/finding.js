/* The finding before the map: a big number and one sentence, over the kabupaten that the register reports. */

import { frame } from './data.js';
import { bar, byId, el, fill } from './dom.js';
import { FINEST, UNREPORTED, finding, groupOf, inside } from './model.js';
import { statusParts } from './classes.js';
import { differenceFinding, differenceLabel, differs, listedClass } from './difference.js';
import { kabupatenName, knownPart, reportedPart } from './phrases.js';
import { state } from './state.js';
import { number, shown, t } from './words.js';

/** The sentence about the people in unserved desa: a number to stress (may be empty), and the rest. */
function peopleSentence(found, group) {
  const short = shown(group.short, 60);
  if (found.areas === 0) return ['', t('temuan_tidak_dilaporkan', { region: kabupatenName() || shown(frame.region, 80) })];
  if (found.unserved === 0) return ['', t('temuan_tidak_ada', { group: short })];
  const places = found.most.map((name) => shown(name, 40));
  const where = (key) => (places.length === 2 ? t(key, { one: places[0], other: places[1] }) : '');
  if (Number.isNaN(found.people)) return ['', t('temuan_tanpa_sasaran', { group: short, most: where('temuan_terbanyak_desa') })];
  const most = where('temuan_terbanyak');
  const share = found.target > 0 ? found.people / found.target : 0;
  const known = knownPart(found.known, found.desa);
  return [t('orang_kelompok', { n: found.people, group: short }), t('temuan_orang', { share, target: found.target, known, most })];
}

/** The same as elements. */
export function sentence([stressed, rest]) {
  return el('p', { class: 'sentence' }, stressed ? el('b', {}, stressed) : null, stressed ? ' ' : null, rest);
}

/** The line that names the kabupaten of which the register says nothing; null where there are none. */
export function reportedLine(group) {
  const said = reportedPart(group.key);
  return said ? el('p', { class: 'unreported' }, el('span', { class: `key ${UNREPORTED}`, 'aria-hidden': 'true' }), el('span', {}, said)) : null;
}

/** The groups whose people are told: that in view, or those of the listed class of a difference. */
function differencePeople({ people }) {
  const said = people.map(({ group, n, known, desa }) => {
    const short = shown(groupOf(group).short, 60);
    return Number.isNaN(n) ? t('beda_tanpa_sasaran', { group: short }) : t('orang_kelompok', { n, group: short }) + knownPart(known, desa);
  });
  return [said.join(', '), t('beda_orang')];
}

/** What is said of the view: its numbers, the claim about them, and the sentence about the people. */
export function findingNow() {
  const group = groupOf(state.group);
  const found = differs() ? differenceFinding() : finding(state.variant, state.group, state.kabupaten);
  const region = state.kabupaten === '' ? shown(frame.region, 80) : kabupatenName();
  const said = { n: found.unserved, all: found.areas, region, group: shown(group.short, 60) };
  if (!differs() || found.areas === 0) {
    return { found, claim: t('belum_terlayani_kelompok', said), people: peopleSentence(found, group), message: t('kalimat_salin', said) };
  }
  const claim = differenceLabel(listedClass());
  return { found, claim: `${claim}.`, people: differencePeople(found), message: t('kalimat_salin_beda', { ...said, claim: claim.charAt(0).toLowerCase() + claim.slice(1) }) };
}

export function drawFinding() {
  const group = groupOf(state.group);
  const { found, claim, people } = findingNow();
  const shownAreas = inside(FINEST, state.kabupaten);
  const at = shownAreas.map((_, i) => i).filter((i) => shownAreas[i]);
  const numbers = el('span', { class: 'headline' }, el('strong', { class: 'big' }, number(found.unserved)), ' ', el('span', {}, t(`dari_${FINEST}`, { n: found.areas })));
  fill(
    byId('finding'),
    el('h2', {}, ...(found.areas === 0 ? [] : [numbers, ' ']), el('span', { class: 'claim' }, found.areas === 0 ? frame.unreportedClass.label : claim)),
    differs() ? null : bar(statusParts(state.variant, state.group, at), 'bar tall'),
    sentence(people),
    found.areas === 0 ? null : reportedLine(group),
    el('button', { type: 'button', class: 'link', id: 'copy-sentence' }, t('salin_kalimat')),
  );
}
