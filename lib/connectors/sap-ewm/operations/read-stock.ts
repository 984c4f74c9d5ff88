import type { z } from 'zod';
import type { CallContext, OperationResult } from '../../kit/connector';
import { operation } from '../../kit/connector';
import { readStock as contract } from '../../kit/contracts/wms';
import { sumBy } from '../../kit/order-lines';
import { idText, type Json, text } from '../../kit/text';
import { quoted, readRows, refused, rowsIn } from '../client';
import { type EwmSettings, settingsOf } from '../manifest';
import { numberOf, quantityOf } from '../orders';

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

const pageSize = 1000;
/** Bins of one product: beyond this a person has to look. */
const maxPages = 20;

/** On hand and promised to nobody: neither blocked, nor restricted, nor the stock of one sales order or project. */
function isFree(row: Json, { stockTypes }: EwmSettings): boolean {
  return (
    stockTypes.includes(text(row.EWMStockType, 10) ?? '') &&
    row.EWMStockIsBlockedForInventory !== true &&
    row.EWMBatchIsInRestrictedUseStock !== true &&
    numberOf(row.SpecialStockIdfgSalesOrder) === undefined &&
    numberOf(row.WBSElementInternalID) === undefined
  );
}

/** Warehouse, unit and amount of a row. */
function amountOf(row: Json): [key: string, amount: string][] {
  const warehouse = idText(row.EWMWarehouse, 40);
  const quantity =
    quantityOf(row.AvailableEWMStockQty, row.EWMStockQtyBaseUnitISOCode) ??
    quantityOf(row.AvailableEWMStockQty, row.EWMStockQuantityBaseUnit);
  return warehouse === undefined || quantity === undefined
    ? []
    : [[`${warehouse} ${quantity.uom}`, quantity.value]];
}

async function send({ item, location }: Input, call: CallContext): Promise<OperationResult<Output>> {
  const settings = settingsOf(call.settings);
  const filter = [
    `Product eq ${quoted(item)}`,
    ...(location === undefined ? [] : [`EWMWarehouse eq ${quoted(location)}`]),
  ].join(' and ');
  const rows: Json[] = [];
  for (let page = 0; page < maxPages; page += 1) {
    const response = await readRows(call, settings.stockPath, 'WarehouseAvailableStock', {
      filter,
      top: pageSize,
      skip: rows.length,
    });
    const answer = rowsIn(response, pageSize);
    if (answer === undefined) return refused(response, call);
    rows.push(...answer.rows);
    if (!answer.more)
      return { outcome: 'ok', output: { item, locations: summed(rows, settings) }, confirmed: true };
  }
  return { outcome: 'fatal', message: `${item} lies in more than ${maxPages * pageSize} places` };
}

function summed(rows: readonly Json[], settings: EwmSettings): Output['locations'] {
  const sums = sumBy(rows.filter((row) => isFree(row, settings)).flatMap(amountOf));
  return [...sums].map(([key, available]) => {
    const [location = '', uom = ''] = key.split(' ');
    return { location, available: available.startsWith('-') ? '0' : available, uom };
  });
}

/** The available stock of a product by warehouse, summed over bins and handling units. */
export const readStock = operation<Input, Output>({
  id: 'readStock',
  title: 'Read stock',
  description: 'Reads what is available of a product in each warehouse.',
  kind: 'wms',
  safety: 'read',
  input: contract.input,
  output: contract.output,
  target: ({ item, location }) => `stock/${item}/${location ?? 'all'}`,
  send,
});
